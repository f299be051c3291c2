package io.loss4j.loss;

import org.jspecify.annotations.Nullable;

/**
 * A loss of a batch, of every row by itself.
 *
 * @param loss applied to batches of one row
 */
record EachRow(BatchLoss loss) implements WeighedRowLoss {
    @Override
    public double evaluate(double[] predictions, double[] targets, double[] weights, double[] gradient) {
        return loss.evaluate(1, predictions.length, predictions, targets, weights, gradient);
    }

    @Override
    public @Nullable SoftCountLoss counted() {
        return loss.counted();
    }

    @Override
    public @Nullable SortedErrors sorted() {
        return loss.sorted();
    }

    @Override
    public boolean classification() {
        return loss.classification();
    }

    @Override
    public InputForm input() {
        return loss.input();
    }

    @Override
    public Activation activation() {
        return loss.activation();
    }

    @Override
    public LossType<?> type() {
        return loss.type();
    }
}
