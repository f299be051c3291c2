package io.loss4j.loss;

import org.jspecify.annotations.Nullable;

/**
 * A loss that exists for a whole batch only, such as one minus a soft F-measure. It has a single term: there is no score
 * per example, asking for terms is an error (L4J-P07), and {@code NONE} is refused. The loss of a batch is not the sum or
 * mean of the losses of its parts, so it depends on how large batches are; MEAN and WEIGHTED_MEAN divide by 1.
 */
public interface BatchLoss extends LossSpec {
    /**
     * The loss of the batch and its gradient. All matrices are row-major.
     *
     * @param rows N
     * @param columns K
     * @param predictions N x K, 0 where an element is masked or ignored (of a softmax over logits, only where the whole
     *     row is); must not be changed
     * @param labels N x K, one-hot for class indices, smoothed, not weighted; must not be changed
     * @param weights N x K, the weight of every element, 0 where it is masked or ignored; must not be changed
     * @param gradient N x K, to be overwritten with the derivatives by the predictions
     * @return the loss; 0 with a zero gradient if all weights are 0
     */
    double evaluate(int rows, int columns, double[] predictions, double[] labels, double[] weights, double[] gradient);

    /**
     * The same with class weights apart, for losses that weigh classes rather than elements. This is what backends call.
     *
     * @param masks N x K, 0 where an element is masked or ignored; must not be changed
     * @param classWeights K; must not be changed
     */
    default double evaluate(
            int rows,
            int columns,
            double[] predictions,
            double[] labels,
            double[] masks,
            double[] classWeights,
            double[] gradient) {
        double[] weights = masks.clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= classWeights[i % columns];
        }
        return evaluate(rows, columns, predictions, labels, weights, gradient);
    }

    /** This loss as one of soft counts of probabilities, after the activation; null if it is none. */
    default @Nullable SoftCountLoss counted() {
        return null;
    }

    /** This loss as one of sorted errors; null if it is none. */
    default @Nullable SortedErrors sorted() {
        return null;
    }

    /**
     * Whether class indices may be labels. Unless the activation is SIGMOID or there is but one column, the columns are
     * then classes of which one is true: labels are smoothed as those of a softmax, t = (1 - s) t + s (sum t) / K, and an
     * ignored label is an index. Otherwise every column is a yes or no of its own: y = (1 - s) y + s / 2, and an ignored
     * label takes its element out, or its row if it is an index.
     */
    default boolean classification() {
        return false;
    }

    /** What the predictions are. */
    @Override
    default InputForm input() {
        return InputForm.PROBABILITIES;
    }
}
