package io.loss4j.cpu;

import io.loss4j.loss.AbsentClasses;
import io.loss4j.loss.Activation;
import io.loss4j.loss.SortedErrors;
import java.util.Arrays;

/** Losses of the sorted errors of each row by itself. */
final class LovaszRowRule extends ProbabilityRule {
    private final SortedErrors loss;
    private final boolean exact;
    private final boolean logits;
    private final LovaszGroup group = new LovaszGroup();
    private final double[] errors;
    private final float[] slopes;
    private final double[] labels;

    /**
     * @param activation what makes probabilities of logits; ANY if predictions are what the loss takes
     */
    LovaszRowRule(SortedErrors loss, Activation activation, int columns, int rows, Primitives primitives) {
        super(activation, columns, rows, primitives);
        this.loss = loss;
        exact = activation == Activation.ANY;
        logits = activation == Activation.SIGMOID;
        Scratch scratch = Scratch.ofThisThread();
        errors = scratch.doubles(columns);
        slopes = scratch.floats(columns);
        labels = scratch.doubles(columns);
    }

    @Override
    public double[] wideTargets() {
        return labels;
    }

    @Override
    double ofProbabilities(float[] x, int at, float[] t, float[] gradient) {
        if (loss.hinge()) {
            LovaszGroup.hinges(tile.p, at, labels, columns, errors, slopes);
        } else if (logits) {
            LovaszGroup.distancesOfLogits(x, at, labels, columns, errors, slopes);
        } else {
            LovaszGroup.distances(tile.p, tile.q, exact, at, labels, columns, errors, slopes);
        }
        if (LovaszGroup.areOdd(errors, w, 0, columns)) {
            return Double.NaN;
        }
        if (loss.absent() != AbsentClasses.COUNT && !hasLabels()) {
            Arrays.fill(gradient, at, at + columns, 0);
            return 0;
        }
        double value = group.evaluate(errors, labels, w, slopes, 0, columns, 1);
        System.arraycopy(slopes, 0, gradient, at, columns);
        return value;
    }

    private boolean hasLabels() {
        for (int k = 0; k < columns; k++) {
            if (w[k] != 0 && labels[k] > 0) {
                return true;
            }
        }
        return false;
    }
}
