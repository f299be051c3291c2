package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.InputForm;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Adds up rows by the class of their label, for one worker. What a row predicts is taken from its predictions as they were
 * given, unless the kernel knows it already.
 */
final class ClassTally {
    private final LossJob job;
    private final Targets targets;
    private final Primitives primitives;
    private final boolean logits;
    private final boolean logarithms;
    private final int columns;
    private final double[] x;
    /** For logits in single precision: whole vectors. */
    private final float[] singles;

    private final float[] partial;

    /** The predicted class of the row at hand; -1 if there is none. */
    private int top;

    private double max;
    private double total;

    ClassTally(LossJob job, Targets targets, Primitives primitives) {
        this.job = job;
        this.targets = targets;
        this.primitives = primitives;
        logits = job.spec().input() == InputForm.LOGITS;
        logarithms = job.spec().input() == InputForm.LOG_PROBABILITIES;
        columns = job.predictions().columns();
        boolean wanted = job.outputs().classes() != null;
        boolean vectors = wanted && logits && job.predictions().type() != DataType.DOUBLE;
        int lanes = primitives.lanes();
        Scratch scratch = Scratch.ofThisThread();
        x = scratch.doubles(wanted ? columns : 0);
        singles = scratch.floats(vectors ? (columns + lanes - 1) / lanes * lanes : 0);
        partial = scratch.floats(lanes);
    }

    /**
     * Adds a row.
     *
     * @param row in the job
     * @param r in the targets
     * @param term its weighted, unscaled term
     */
    void add(long row, int r, double term, ClassTotals totals) {
        if (targets.hot[r] == Targets.NOTHING) {
            return;
        }
        predict(row);
        int named = targets.named(r);
        if (named >= 0) {
            addSingle(r, term, probability(named), top == named, totals);
        } else {
            addSoft(r, term, totals);
        }
    }

    /** Adds a row whose label names one class, of which the rest is known. */
    void addSingle(int r, double term, double probability, boolean right, ClassTotals totals) {
        int k = targets.named(r);
        double weight = targets.weightOfLabel(r, k);
        if (weight > 0) {
            totals.add(k, targets.original(r, k), weight, term, probability, right);
        } else {
            totals.addLoss(k, term);
        }
    }

    private void addSoft(int r, double term, ClassTotals totals) {
        double labels = 0;
        double weights = 0;
        for (int k = 0; k < columns; k++) {
            if (targets.original(r, k) > 0) {
                labels += targets.original(r, k);
                weights += targets.weightOfLabel(r, k);
            }
        }
        for (int k = 0; k < columns; k++) {
            double label = targets.original(r, k);
            if (!(label > 0)) {
                continue;
            }
            double weight = targets.weightOfLabel(r, k);
            if (weight > 0) {
                totals.add(k, label, weight, term * (weight / weights), probability(k), top == k);
            } else if (weights == 0) {
                totals.addLoss(k, term * (label / labels));
            }
        }
    }

    private void predict(long row) {
        job.predictions().load(row, 1, 0, columns, x, 0);
        top = first(x);
        max = top < 0 ? 0 : x[top];
        total = logits && top >= 0 ? exponentials(row) : 1;
    }

    /** The first of the largest; -1 if there is a NaN, or no class at all. */
    private static int first(double[] x) {
        int top = 0;
        for (int k = 0; k < x.length; k++) {
            if (Double.isNaN(x[k])) {
                return -1;
            }
            top = x[k] > x[top] ? k : top;
        }
        return x[top] == Double.NEGATIVE_INFINITY ? -1 : top;
    }

    private double exponentials(long row) {
        if (singles.length > 0 && Math.abs(max) <= Float.MAX_VALUE) {
            job.predictions().load(row, 1, 0, columns, singles, 0);
            Arrays.fill(singles, columns, singles.length, Float.NEGATIVE_INFINITY);
            return primitives.exponentials(singles, (float) max, singles, singles.length, partial);
        }
        double sum = 0;
        for (double z : x) {
            sum += Math.exp(z - max);
        }
        return sum;
    }

    private double probability(int k) {
        return logits ? Math.exp(x[k] - max) / total : logarithms ? Math.exp(x[k]) : x[k];
    }
}
