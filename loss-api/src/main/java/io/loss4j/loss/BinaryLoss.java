package io.loss4j.loss;

/**
 * An elementwise loss of a yes/no label y in [0, 1] per column: binary and multi-label classification. Only these
 * losses know label smoothing and positive weights among the elementwise ones.
 */
public interface BinaryLoss extends ElementwiseLoss {
    /**
     * The loss of one element, with the term of y multiplied by a weight.
     *
     * @param x prediction, in the form that {@link #input} tells
     * @param y label in [0, 1]
     * @param positiveWeight the weight of the y-term; 1 leaves the loss as it is
     */
    double value(double x, double y, double positiveWeight);

    /** The derivative of {@link #value(double, double, double)} by the prediction. */
    double derivative(double x, double y, double positiveWeight);

    @Override
    default double value(double x, double y) {
        return value(x, y, 1);
    }

    @Override
    default double derivative(double x, double y) {
        return derivative(x, y, 1);
    }

    @Override
    default BinaryLoss forColumn(int column) {
        return this;
    }

    /** What the predictions are; logits unless the loss says otherwise. */
    @Override
    default InputForm input() {
        return InputForm.LOGITS;
    }

    @Override
    default Activation activation() {
        return Activation.SIGMOID;
    }
}
