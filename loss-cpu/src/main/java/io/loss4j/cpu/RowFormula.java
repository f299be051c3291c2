package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.loss.RowLoss;
import java.util.Arrays;

/** Row losses by their formula, in double. */
final class RowFormula implements RowKernel {
    private static final int CHUNK = 1 << 13;

    private final LossJob job;
    private final Primitives primitives;

    RowFormula(LossJob job, Primitives primitives) {
        this.job = job;
        this.primitives = primitives;
    }

    @Override
    public int chunkRows() {
        return Math.max(1, CHUNK / job.predictions().columns());
    }

    @Override
    public Worker worker() {
        RowLoss loss = (RowLoss) job.spec();
        int columns = job.predictions().columns();
        Targets targets = Targets.forRowLoss(job, primitives);
        double[] x = new double[columns];
        double[] t = new double[columns];
        double[] gradient = new double[columns];
        double[] term = new double[1];
        Outputs outputs = job.outputs();
        return (firstRow, rows) -> {
            double sum = 0;
            for (long i = firstRow; i < firstRow + rows; i++) {
                targets.load(i, 1);
                double weight = targets.rowWeight[0];
                if (weight == 0 || targets.hot[0] == Targets.NOTHING) {
                    Arrays.fill(gradient, 0);
                    term[0] = 0;
                } else {
                    job.predictions().load(i, 1, 0, columns, x, 0);
                    targets.effective(0, t);
                    term[0] = weight * loss.evaluate(x, t, gradient);
                }
                sum += term[0];
                if (outputs.gradient() != null) {
                    for (int k = 0; k < columns; k++) {
                        gradient[k] *= weight * job.scale();
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
