package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import java.util.function.Supplier;

/** Goes through a job row by row in double, for the formulas that look at a whole row. */
final class FormulaRows implements RowKernel {
    private static final int CHUNK = 1 << 13;

    private final LossJob job;
    private final Supplier<Row> rows;

    /** One row at a time, on one thread. */
    interface Row {
        /**
         * Computes a row.
         *
         * @param gradient to be overwritten with the weighted, unscaled gradient
         * @return the weighted term
         */
        double compute(long row, double[] gradient);

        /** Adds the row that was computed last by class. */
        void addTo(ClassTotals totals, long row, double term);
    }

    /** For a job and what makes the formula of each worker. */
    FormulaRows(LossJob job, Supplier<Row> rows) {
        this.job = job;
        this.rows = rows;
    }

    @Override
    public int chunkRows() {
        return Math.max(1, CHUNK / job.predictions().columns());
    }

    @Override
    public Worker worker() {
        int columns = job.predictions().columns();
        Row formula = rows.get();
        double[] gradient = new double[columns];
        double[] term = new double[1];
        Outputs outputs = job.outputs();
        return (firstRow, count, totals) -> {
            double sum = 0;
            for (long row = firstRow; row < firstRow + count; row++) {
                term[0] = formula.compute(row, gradient);
                sum += term[0];
                if (totals != null) {
                    formula.addTo(totals, row, term[0]);
                }
                if (outputs.gradient() != null) {
                    for (int k = 0; k < columns; k++) {
                        gradient[k] *= job.scale();
                    }
                    outputs.gradient().store(gradient, 0, row, 1, 0, columns);
                }
                if (outputs.terms() != null) {
                    outputs.terms().store(term, 0, row, 1, 0, 1);
                }
            }
            return sum;
        };
    }
}
