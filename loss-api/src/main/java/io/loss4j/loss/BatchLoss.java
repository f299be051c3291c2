package io.loss4j.loss;

/**
 * A loss that exists for a whole batch only, such as one minus a soft F-measure. It has a single term: there is no
 * score per example, and {@code NONE} is refused.
 */
public interface BatchLoss extends LossSpec {
    /**
     * The loss of the batch and its gradient. All matrices are row-major.
     *
     * @param rows N
     * @param columns K
     * @param predictions N x K; must not be changed
     * @param labels N x K, smoothed, not weighted; must not be changed
     * @param weights N x K, the weight of every element, 0 where it is masked or ignored; must not be changed
     * @param gradient N x K, to be overwritten with the derivatives by the predictions
     * @return the loss; 0 with a zero gradient if all weights are 0
     */
    double evaluate(int rows, int columns, double[] predictions, double[] labels, double[] weights, double[] gradient);

    /** What the predictions are. */
    @Override
    default InputForm input() {
        return InputForm.PROBABILITIES;
    }
}
