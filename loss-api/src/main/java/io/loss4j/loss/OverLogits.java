package io.loss4j.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A loss of the probabilities that an activation makes of logits, as a loss of the logits.
 *
 * @param loss over probabilities; it names the activation
 */
record OverLogits(BatchLoss loss) implements BatchLoss {
    @Override
    public double evaluate(
            int rows, int columns, double[] logits, double[] labels, double[] weights, double[] gradient) {
        double[] p = probabilities(columns, logits);
        double value = loss.evaluate(rows, columns, p, labels, weights, gradient);
        byLogits(columns, logits, p, gradient);
        return value;
    }

    @Override
    public double evaluate(
            int rows,
            int columns,
            double[] logits,
            double[] labels,
            double[] masks,
            double[] classWeights,
            double[] gradient) {
        double[] p = probabilities(columns, logits);
        double value = loss.evaluate(rows, columns, p, labels, masks, classWeights, gradient);
        byLogits(columns, logits, p, gradient);
        return value;
    }

    private double[] probabilities(int columns, double[] logits) {
        double[] p = new double[logits.length];
        if (activation() == Activation.SIGMOID) {
            Arrays.setAll(p, i -> Logistic.sigmoid(logits[i]));
            return p;
        }
        for (int from = 0; from < p.length; from += columns) {
            softmax(logits, p, from, from + columns);
        }
        return p;
    }

    private static void softmax(double[] logits, double[] p, int from, int to) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, logits[i]);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return; // no class at all: nothing is predicted
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            p[i] = Math.exp(logits[i] - max);
            sum += p[i];
        }
        for (int i = from; i < to; i++) {
            p[i] /= sum;
        }
    }

    /** From derivatives by probabilities to those by logits. */
    private void byLogits(int columns, double[] logits, double[] p, double[] gradient) {
        if (activation() == Activation.SIGMOID) {
            for (int i = 0; i < p.length; i++) {
                // sigmoid(-x), for 1 - p would lose the digits of a sure yes; NaN is masked where the gradient is 0
                gradient[i] = gradient[i] == 0 ? 0 : gradient[i] * p[i] * Logistic.sigmoid(-logits[i]);
            }
            return;
        }
        for (int from = 0; from < p.length; from += columns) {
            double mean = 0;
            for (int i = from; i < from + columns; i++) {
                mean += p[i] * gradient[i];
            }
            for (int i = from; i < from + columns; i++) {
                gradient[i] = p[i] * (gradient[i] - mean);
            }
        }
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
        return InputForm.LOGITS;
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
