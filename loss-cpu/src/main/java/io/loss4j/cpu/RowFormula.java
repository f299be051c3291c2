package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.loss.RowLoss;
import java.util.Arrays;

/** A row loss by its formula, in double. */
final class RowFormula implements FormulaRows.Row {
    private final LossJob job;
    private final RowLoss loss;
    private final int columns;
    private final Targets targets;
    private final double[] x;
    private final double[] t;

    RowFormula(LossJob job, Primitives primitives) {
        this.job = job;
        loss = (RowLoss) job.spec();
        columns = job.predictions().columns();
        targets = Targets.forRowLoss(job, primitives);
        x = new double[columns];
        t = new double[columns];
    }

    @Override
    public double compute(long row, double[] gradient) {
        targets.load(row, 1);
        double weight = targets.rowWeight[0];
        if (weight == 0 || targets.hot[0] == Targets.NOTHING) {
            Arrays.fill(gradient, 0);
            return 0;
        }
        job.predictions().load(row, 1, 0, columns, x, 0);
        targets.effective(0, t);
        double term = weight * loss.evaluate(x, t, gradient);
        for (int k = 0; k < columns; k++) {
            gradient[k] *= weight;
        }
        return term;
    }
}
