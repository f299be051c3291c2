package io.loss4j.loss;

import java.io.Serializable;

/** A softmax row loss whose constants have been computed already: what {@link RowLoss#heldAt} returns. */
record HeldLoss(SoftmaxRowLoss loss, Formula formula) implements SoftmaxRowLoss {
    /** The loss of one row with those constants. */
    interface Formula extends Serializable {
        double evaluate(double[] predictions, double[] targets, double[] gradient);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        return formula.evaluate(predictions, targets, gradient);
    }

    @Override
    public LossType<?> type() {
        return loss.type();
    }
}
