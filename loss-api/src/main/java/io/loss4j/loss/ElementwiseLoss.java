package io.loss4j.loss;

/** A loss that looks at one prediction and one label at a time; all regression and margin losses, for example. */
public interface ElementwiseLoss extends LossSpec {
    /**
     * The loss of one element.
     *
     * @param x prediction
     * @param y label
     */
    double value(double x, double y);

    /**
     * The derivative of {@link #value} by the prediction.
     *
     * @param x prediction
     * @param y label
     */
    double derivative(double x, double y);

    /**
     * The formula of one column, for losses with a parameter per column.
     *
     * @param column the column, counted from 0
     */
    default ElementwiseLoss forColumn(int column) {
        return this;
    }

    /** How many columns the parameters are made for, or 0 if they fit any number. */
    default int columns() {
        return 0;
    }
}
