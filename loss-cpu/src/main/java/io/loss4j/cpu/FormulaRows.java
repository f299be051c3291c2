package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Goes through a job row by row in double, for the formulas that look at a whole row. */
final class FormulaRows implements RowKernel {
    private static final int CHUNK = 1 << 13;

    /** Elements that are loaded and stored at once. */
    private static final int TILE = 1 << 11;

    private final LossJob job;
    private final int columns;
    private final int tileRows;
    private final IntFunction<Formula> formulas;

    /** The formula of a worker. */
    interface Formula {
        /** Reads the labels of a tile. */
        void load(long firstRow, int n);

        /** Works ahead for all rows of a tile at once, and may change its predictions, which lie row after row. */
        default void prepare(double[] x, int n) {}

        /**
         * Computes a row of the tile.
         *
         * @param x predictions, of this row from an index on; may be overwritten
         * @param gradient to be overwritten there with the weighted, unscaled gradient
         * @return the weighted term
         */
        double compute(int r, double[] x, int at, double[] gradient);

        /** Adds a row of the tile by class, after it was computed. */
        void addTo(ClassTotals totals, long row, int r, double term);
    }

    /** For a job and what makes the formula of each worker, for tiles of at most so many rows. */
    FormulaRows(LossJob job, IntFunction<Formula> formulas) {
        this.job = job;
        this.formulas = formulas;
        columns = job.predictions().columns();
        tileRows = (int) Math.min(Math.max(1, TILE / columns), job.predictions().rows());
    }

    @Override
    public int chunkRows() {
        return Math.max(1, CHUNK / columns);
    }

    @Override
    public Worker worker() {
        return new FormulaWorker();
    }

    private final class FormulaWorker implements Worker {
        private final Scratch scratch = Scratch.ofThisThread();
        private final Formula formula = formulas.apply(tileRows);
        private final double[] predictions = scratch.doubles(tileRows * columns);
        private final double[] gradients = scratch.doubles(tileRows * columns);
        private final double[] terms = scratch.doubles(tileRows);

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals totals) {
            double sum = 0;
            for (long row = firstRow; row < firstRow + rows; row += tileRows) {
                sum += tile(row, (int) Math.min(tileRows, firstRow + rows - row), totals);
            }
            return sum;
        }

        private double tile(long firstRow, int n, @Nullable ClassTotals totals) {
            Outputs outputs = job.outputs();
            formula.load(firstRow, n);
            job.predictions().load(firstRow, n, 0, columns, predictions, 0);
            formula.prepare(predictions, n);
            double sum = 0;
            for (int r = 0; r < n; r++) {
                terms[r] = formula.compute(r, predictions, r * columns, gradients);
                sum += terms[r];
                if (totals != null) {
                    formula.addTo(totals, firstRow + r, r, terms[r]);
                }
            }
            if (outputs.gradient() != null) {
                double scale = job.scale();
                for (int i = 0; i < n * columns; i++) {
                    gradients[i] *= scale;
                }
                outputs.gradient().store(gradients, 0, firstRow, n, 0, columns);
            }
            if (outputs.terms() != null) {
                outputs.terms().store(terms, 0, firstRow, n, 0, 1);
            }
            return sum;
        }
    }
}
