package io.loss4j.loss;

/** A loss of a whole row of predictions against a whole row of targets. */
public interface RowLoss extends LossSpec {
    /**
     * The loss of one row and its gradient.
     *
     * @param predictions the row, of length K; must not be changed
     * @param targets the labels of the row, one-hot for a class index, already smoothed and multiplied by class weights
     *     and element masks; must not be changed
     * @param gradient of length K, to be overwritten with the derivatives by the predictions
     * @return the loss
     */
    double evaluate(double[] predictions, double[] targets, double[] gradient);

    /**
     * This loss as it is differentiated at some predictions: what counts as a constant there, such as a target made of the
     * model's own probabilities, stays what it is at these predictions wherever the loss is evaluated. Itself, unless
     * something counts as constant.
     *
     * @param predictions the row where the gradient is taken
     */
    default RowLoss heldAt(double[] predictions) {
        return this;
    }

    /**
     * How many columns the labels have for so many columns of predictions. Other than the same number only for losses that
     * are no classification; such losses know neither class weights nor masks of elements.
     *
     * @throws io.loss4j.error.LossInputException if predictions cannot have so many columns
     */
    default int labelColumns(int columns) {
        return columns;
    }

    /** Whether targets are weights of classes, so that class indices and label smoothing make sense. */
    boolean classification();
}
