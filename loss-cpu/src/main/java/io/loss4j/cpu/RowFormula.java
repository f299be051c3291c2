package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.WeighedRowLoss;
import java.util.Arrays;

/** A row loss by its formula, in double. */
final class RowFormula implements FormulaRows.Formula {
    private final LossJob job;
    private final RowLoss loss;
    private final int columns;
    private final Targets targets;
    private final ChangedLogits logits;
    private final ClassTally tally;
    private final double[] t;
    /** Weights of elements, for losses that keep them apart from targets. */
    private final double[] w;
    /** The row at hand, as its loss wants it. */
    private final double[] x;

    private final double[] gradient;
    /** The labels of a tile, if they are plain. */
    private final double[] labels;
    /** For losses with as many labels as they like, which are neither weighted nor masked one by one. */
    private final boolean plainLabels;

    RowFormula(LossJob job, int tileRows, Primitives primitives) {
        this.job = job;
        loss = (RowLoss) job.spec();
        columns = job.predictions().columns();
        int labelColumns = loss.labelColumns(columns);
        plainLabels = labelColumns != columns;
        targets = Targets.forRowLoss(job, tileRows, primitives);
        logits = new ChangedLogits(job.logits());
        tally = new ClassTally(job, targets, primitives);
        Scratch scratch = Scratch.ofThisThread();
        t = scratch.doubles(labelColumns);
        w = scratch.doubles(columns);
        x = scratch.doubles(columns);
        gradient = scratch.doubles(columns);
        labels = scratch.doubles(plainLabels ? tileRows * labelColumns : 0);
    }

    @Override
    public void load(long firstRow, int n) {
        if (plainLabels) {
            targets.loadMask(firstRow, n);
            job.labels().rows().load(firstRow, n, 0, t.length, labels, 0);
        } else {
            targets.load(firstRow, n);
        }
    }

    @Override
    public double compute(int r, double[] predictions, int at, double[] gradients) {
        System.arraycopy(predictions, at, x, 0, columns);
        double term = compute(r);
        System.arraycopy(gradient, 0, gradients, at, columns);
        return term;
    }

    private double compute(int r) {
        double weight = targets.rowWeight[r];
        if (weight == 0 || targets.hot[r] == Targets.NOTHING) {
            Arrays.fill(gradient, 0);
            return 0;
        }
        if (plainLabels) {
            System.arraycopy(labels, r * t.length, t, 0, t.length);
        } else if (loss instanceof WeighedRowLoss) {
            targets.weighed(r, t, w);
        } else {
            targets.effective(r, t);
        }
        logits.change(x, 0, columns, targets, r);
        double term = weight
                * (loss instanceof WeighedRowLoss weighed
                        ? weighed.evaluate(x, t, w, gradient)
                        : loss.evaluate(x, t, gradient));
        for (int k = 0; k < columns; k++) {
            gradient[k] *= weight * logits.scale();
        }
        return job.zLoss() == 0 ? term : term + zLoss(r);
    }

    @Override
    public void addTo(ClassTotals totals, long row, int r, double term) {
        tally.add(row, r, term, totals);
    }

    /** zLoss m logsumexp(z)^2 and its gradient zLoss m 2 logsumexp(z) p. */
    private double zLoss(int r) {
        double max = Arrays.stream(x).max().getAsDouble();
        double sum = 0;
        for (double z : x) {
            sum += z == max ? 1 : Math.exp(z - max);
        }
        double logPartition = max + Math.log(sum);
        if (logPartition == Double.NEGATIVE_INFINITY) {
            return 0; // no class at all: nothing to keep from drifting
        }
        double factor = job.zLoss() * targets.maskMean[r];
        for (int k = 0; k < columns; k++) {
            gradient[k] += logits.scale() * 2 * factor * logPartition * Math.exp(x[k] - logPartition);
        }
        return factor * logPartition * logPartition;
    }
}
