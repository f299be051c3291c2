package io.loss4j.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row loss in which predictions count beside their targets, so that weights cannot hide in the targets: class weights
 * and masks of elements are the weights of its elements. Its weight under WEIGHTED_MEAN is that of the mask of its row,
 * the largest of a mask of elements.
 */
public interface WeighedRowLoss extends RowLoss {
    /**
     * The loss of one row and its gradient.
     *
     * @param predictions the row, of length K; must not be changed
     * @param targets the labels of the row, one-hot for a class index, smoothed, not weighted; must not be changed
     * @param weights the weight of every element, 0 where it is masked or ignored; must not be changed
     * @param gradient of length K, to be overwritten with the derivatives by the predictions
     * @return the loss; 0 with a zero gradient if all weights are 0
     */
    double evaluate(double[] predictions, double[] targets, double[] weights, double[] gradient);

    /** Without weights. */
    @Override
    default double evaluate(double[] predictions, double[] targets, double[] gradient) {
        double[] ones = new double[predictions.length];
        Arrays.fill(ones, 1);
        return evaluate(predictions, targets, ones, gradient);
    }

    /** This loss as one of soft counts of the probabilities of a row, after the activation; null if it is none. */
    default @Nullable SoftCountLoss counted() {
        return null;
    }

    /** This loss as one of the sorted errors of a row, as a single group; null if it is none. */
    default @Nullable SortedErrors sorted() {
        return null;
    }
}
