package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;

/** A softmax loss by its formula, in double. */
final class SoftmaxFormula implements FormulaRows.Row {
    private final LossJob job;
    private final int columns;
    private final Targets targets;
    private final SoftmaxRow formula;
    private final ClassTally tally;
    private final double[] x;
    private final double[] e;

    SoftmaxFormula(LossJob job, Primitives primitives) {
        this.job = job;
        columns = job.predictions().columns();
        targets = Targets.forFormula(job, primitives);
        formula = new SoftmaxRow(job);
        tally = new ClassTally(job, targets, primitives);
        x = new double[columns];
        e = new double[columns];
    }

    @Override
    public double compute(long row, double[] gradient) {
        targets.load(row, 1);
        job.predictions().load(row, 1, 0, columns, x, 0);
        return formula.compute(x, targets, 0, e, gradient);
    }

    @Override
    public void addTo(ClassTotals totals, long row, double term) {
        tally.add(row, 0, term, totals);
    }
}
