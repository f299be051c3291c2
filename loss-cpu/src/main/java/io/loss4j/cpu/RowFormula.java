package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.WeighedRowLoss;
import java.util.Arrays;

/** A row loss by its formula, in double. */
final class RowFormula implements FormulaRows.Row {
    private final LossJob job;
    private final RowLoss loss;
    private final int columns;
    private final Targets targets;
    private final ChangedLogits logits;
    private final ClassTally tally;
    private final double[] x;
    private final double[] t;
    /** Weights of elements, for losses that keep them apart from targets. */
    private final double[] w;
    /** For losses with as many labels as they like, which are neither weighted nor masked one by one. */
    private final boolean plainLabels;

    RowFormula(LossJob job, Primitives primitives) {
        this.job = job;
        loss = (RowLoss) job.spec();
        columns = job.predictions().columns();
        int labelColumns = loss.labelColumns(columns);
        plainLabels = labelColumns != columns;
        targets = Targets.forRowLoss(job, primitives);
        logits = new ChangedLogits(job.logits());
        tally = new ClassTally(job, targets, primitives);
        x = new double[columns];
        t = new double[labelColumns];
        w = new double[columns];
    }

    @Override
    public double compute(long row, double[] gradient) {
        if (plainLabels) {
            targets.loadMask(row, 1);
        } else {
            targets.load(row, 1);
        }
        double weight = targets.rowWeight[0];
        if (weight == 0 || targets.hot[0] == Targets.NOTHING) {
            Arrays.fill(gradient, 0);
            return 0;
        }
        job.predictions().load(row, 1, 0, columns, x, 0);
        if (plainLabels) {
            job.labels().rows().load(row, 1, 0, t.length, t, 0);
        } else if (loss instanceof WeighedRowLoss) {
            targets.weighed(0, t, w);
        } else {
            targets.effective(0, t);
        }
        logits.change(x, targets, 0);
        double term = weight
                * (loss instanceof WeighedRowLoss weighed
                        ? weighed.evaluate(x, t, w, gradient)
                        : loss.evaluate(x, t, gradient));
        for (int k = 0; k < columns; k++) {
            gradient[k] *= weight * logits.scale();
        }
        return job.zLoss() == 0 ? term : term + zLoss(gradient);
    }

    @Override
    public void addTo(ClassTotals totals, long row, double term) {
        tally.add(row, 0, term, totals);
    }

    /** zLoss m logsumexp(z)^2 and its gradient zLoss m 2 logsumexp(z) p. */
    private double zLoss(double[] gradient) {
        double max = Arrays.stream(x).max().getAsDouble();
        double sum = 0;
        for (double z : x) {
            sum += z == max ? 1 : Math.exp(z - max);
        }
        double logPartition = max + Math.log(sum);
        if (logPartition == Double.NEGATIVE_INFINITY) {
            return 0; // no class at all: nothing to keep from drifting
        }
        double factor = job.zLoss() * targets.maskMean[0];
        for (int k = 0; k < columns; k++) {
            gradient[k] += logits.scale() * 2 * factor * logPartition * Math.exp(x[k] - logPartition);
        }
        return factor * logPartition * logPartition;
    }
}
