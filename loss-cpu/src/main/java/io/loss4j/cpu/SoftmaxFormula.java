package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;

/** Softmax losses by their formula, row by row in double. */
final class SoftmaxFormula implements RowKernel {
    private static final int CHUNK = 1 << 13;

    private final LossJob job;
    private final Primitives primitives;

    SoftmaxFormula(LossJob job, Primitives primitives) {
        this.job = job;
        this.primitives = primitives;
    }

    @Override
    public int chunkRows() {
        return Math.max(1, CHUNK / job.predictions().columns());
    }

    @Override
    public Worker worker() {
        int columns = job.predictions().columns();
        Targets targets = Targets.forFormula(job, primitives);
        SoftmaxRow row = new SoftmaxRow(job);
        double[] x = new double[columns];
        double[] e = new double[columns];
        double[] gradient = new double[columns];
        double[] term = new double[1];
        Outputs outputs = job.outputs();
        return (firstRow, rows) -> {
            double sum = 0;
            for (long i = firstRow; i < firstRow + rows; i++) {
                targets.load(i, 1);
                job.predictions().load(i, 1, 0, columns, x, 0);
                term[0] = row.compute(x, targets, 0, e, gradient);
                sum += term[0];
                if (outputs.gradient() != null) {
                    for (int k = 0; k < columns; k++) {
                        gradient[k] *= job.scale();
                    }
                    outputs.gradient().store(gradient, 0, i, 1, 0, columns);
                }
                if (outputs.terms() != null) {
                    outputs.terms().store(term, 0, i, 1, 0, 1);
                }
            }
            return sum;
        };
    }
}
