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

    /** Whether targets are weights of classes, so that class indices and label smoothing make sense. */
    boolean classification();
}
