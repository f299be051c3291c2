package io.loss4j.cpu;

import io.loss4j.backend.LossJob;

/** A softmax loss by its formula, in double. */
final class SoftmaxFormula implements FormulaRows.Formula {
    private final Targets targets;
    private final SoftmaxRow formula;
    private final double[] e;

    SoftmaxFormula(LossJob job, int tileRows, Primitives primitives) {
        targets = Targets.forFormula(job, tileRows, primitives);
        formula = new SoftmaxRow(job);
        e = new double[job.predictions().columns()];
    }

    @Override
    public void load(long firstRow, int n) {
        targets.load(firstRow, n);
    }

    @Override
    public double compute(int r, double[] x, double[] gradient) {
        return formula.compute(x, targets, r, e, gradient);
    }
}
