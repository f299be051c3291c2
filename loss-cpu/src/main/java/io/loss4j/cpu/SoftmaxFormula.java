package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;

/** A softmax loss by its formula, in double. */
final class SoftmaxFormula implements FormulaRows.Formula {
    private final Targets targets;
    private final SoftmaxRow formula;
    private final ClassTally tally;
    private final double[] e;

    SoftmaxFormula(LossJob job, int tileRows, Primitives primitives) {
        targets = Targets.forFormula(job, tileRows, primitives);
        formula = new SoftmaxRow(job, tileRows, primitives.doubles());
        tally = new ClassTally(job, targets, primitives);
        e = Scratch.ofThisThread().doubles(job.predictions().columns());
    }

    @Override
    public void load(long firstRow, int n) {
        targets.load(firstRow, n);
    }

    @Override
    public void prepare(double[] x, int n) {
        formula.prepare(x, targets, 0, n);
    }

    @Override
    public double compute(int r, double[] x, int at, double[] gradient) {
        return formula.prepared(x, r, targets, r, e, gradient);
    }

    @Override
    public void addTo(ClassTotals totals, long row, int r, double term) {
        tally.add(row, r, term, totals);
    }
}
