package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Softmax losses of probabilities or their logarithms. For a label on one class the formula runs for that class, which is
 * all that is read of long rows, and the rest of the gradient is 0; other labels go by the formula of the whole row.
 */
final class ProbabilityRows implements RowKernel {
    private static final int TILE = 1 << 12;

    /** Elements of a tile whose gradient lies column by column: runs of a cache line and more. */
    private static final int WIDE_TILE = 1 << 16;

    private static final int CHUNK = 1 << 15;

    /** Rows up to this length are read as a whole: looking up one element costs as much. */
    private static final int SHORT = 64;

    private final LossJob job;
    private final Primitives primitives;
    private final int columns;
    private final boolean wide;

    ProbabilityRows(LossJob job, Primitives primitives) {
        this.job = job;
        this.primitives = primitives;
        columns = job.predictions().columns();
        wide = job.predictions().type() == DataType.DOUBLE;
    }

    @Override
    public int chunkRows() {
        return Math.max(1, CHUNK / columns);
    }

    private int tileRows() {
        Rows gradient = job.outputs().gradient();
        int elements = gradient != null && gradient.isColumnMajor() ? WIDE_TILE : TILE;
        int rows = Math.min(chunkRows(), Math.max(1, elements / columns));
        return (int) Math.min(rows, Math.max(1, job.predictions().rows()));
    }

    @Override
    public Worker worker() {
        return new TileWorker();
    }

    private final class TileWorker implements Worker {
        private final Scratch lent = Scratch.ofThisThread();
        private final int tileRows = tileRows();
        private final Outputs outputs = job.outputs();
        private final @Nullable Rows gradient = outputs.gradient();
        private final FloatTiles tiles = new FloatTiles(primitives);
        private final Targets targets = Targets.forKernel(job, tileRows, primitives);
        private final SoftmaxRow formula = new SoftmaxRow(job);
        private final ClassTally tally = new ClassTally(job, targets, primitives);
        private final double[] terms = lent.doubles(tileRows);
        /** Predictions of short rows, else one of them. */
        private final double[] x = lent.doubles(columns <= SHORT ? tileRows * columns : 1);

        private final double[] row = lent.doubles(columns);
        private final double[] scratch = lent.doubles(columns);
        private final double[] slopes = lent.doubles(columns);
        /** Zeros between tiles. */
        private final float[] singles = lent.floats(gradient == null || wide ? 0 : tileRows * columns);

        private final double[] doubles = lent.doubles(gradient == null || !wide ? 0 : tileRows * columns);

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals totals) {
            double sum = 0;
            for (long first = firstRow; first < firstRow + rows; first += tileRows) {
                int n = (int) Math.min(tileRows, firstRow + rows - first);
                targets.load(first, n);
                if (columns <= SHORT) {
                    job.predictions().load(first, n, 0, columns, x, 0);
                }
                for (int r = 0; r < n; r++) {
                    terms[r] = row(first, r);
                    sum += terms[r];
                    if (totals != null) {
                        tally.add(first + r, r, terms[r], totals);
                    }
                }
                store(first, n);
            }
            return sum;
        }

        private double row(long first, int r) {
            int hot = targets.hot[r];
            if (hot == Targets.SOFT) {
                job.predictions().load(first + r, 1, 0, columns, row, 0);
                double term = formula.compute(row, targets, r, scratch, slopes);
                for (int k = 0; k < columns; k++) {
                    write(r, k, slopes[k]);
                }
                return term;
            } else if (hot == Targets.NOTHING || targets.weight[r] == 0) {
                return 0;
            }
            double term = formula.ofClass(hot, prediction(first, r, hot), targets.weight[r]);
            write(r, hot, formula.slope());
            return term;
        }

        private double prediction(long first, int r, int k) {
            if (columns <= SHORT) {
                return x[r * columns + k];
            }
            job.predictions().load(first + r, 1, k, 1, x, 0);
            return x[0];
        }

        private void write(int r, int k, double slope) {
            if (gradient != null && wide) {
                doubles[r * columns + k] = slope * job.scale();
            } else if (gradient != null) {
                singles[r * columns + k] = (float) (slope * job.scale());
            }
        }

        private void store(long first, int n) {
            if (outputs.terms() != null) {
                outputs.terms().store(terms, 0, first, n, 0, 1);
            }
            if (gradient == null) {
                return;
            } else if (wide) {
                gradient.store(doubles, 0, first, n, 0, columns);
            } else {
                tiles.store(singles, gradient, first, n, 0, columns);
            }
            clear(n);
        }

        private void clear(int n) {
            for (int r = 0; r < n; r++) {
                int hot = targets.hot[r];
                int from = r * columns + Math.max(hot, 0);
                int to = hot >= 0 ? from + 1 : hot == Targets.SOFT ? from + columns : from;
                if (wide) {
                    Arrays.fill(doubles, from, to, 0);
                } else {
                    Arrays.fill(singles, from, to, 0);
                }
            }
        }
    }
}
