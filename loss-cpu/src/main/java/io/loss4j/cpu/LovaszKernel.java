package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.AbsentClasses;
import io.loss4j.loss.Activation;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.SortedErrors;
import io.loss4j.tensor.Rows;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Losses of the sorted errors of a batch, in single precision: errors of chunks of rows on all threads, group after group
 * in memory; then every group by itself, on as many threads as there are groups; then the gradient by rows again, which
 * computes probabilities anew rather than keep them. Batches with NaN or infinite errors are left to the formula.
 */
final class LovaszKernel {
    private static final int CHUNK = 1 << 15;
    private static final int TILE = 1 << 12;

    private final LossJob job;
    private final SortedErrors loss;
    private final Primitives primitives;
    private final Activation activation;
    private final int columns;
    private final int rows;
    private final int tileRows;
    private final int chunkRows;
    private final int groups;
    private final int size;

    private final double[] errors;
    /** Of errors, later of the loss. */
    private final float[] slopes;

    private final double[] labels;
    private final float[] weights;
    private final double[] factors;
    private volatile boolean odd;

    private LovaszKernel(LossJob job, SortedErrors loss, Primitives primitives) {
        this.job = job;
        this.loss = loss;
        this.primitives = primitives;
        activation = job.spec().input() == InputForm.LOGITS && !loss.hinge()
                ? job.spec().activation()
                : Activation.ANY;
        columns = job.predictions().columns();
        rows = (int) job.predictions().rows();
        tileRows = Math.max(1, TILE / columns);
        chunkRows = Math.max(1, CHUNK / columns / tileRows) * tileRows;
        groups = loss.byClass() ? columns : 1;
        int elements = rows * columns;
        size = elements / groups;
        errors = new double[elements];
        slopes = new float[elements];
        labels = new double[elements];
        weights = new float[elements];
        factors = new double[groups];
    }

    static double compute(LossJob job, SortedErrors loss, Primitives primitives) {
        long elements = job.predictions().elements();
        if (elements == 0 || elements > Integer.MAX_VALUE - 8) {
            return BatchFormula.compute(job);
        }
        LovaszKernel kernel = new LovaszKernel(job, loss, primitives);
        double value = kernel.compute();
        return kernel.odd ? BatchFormula.compute(job) : value;
    }

    private double compute() {
        byRows(Reader::new);
        if (odd) {
            return 0;
        }
        weighGroups();
        double value = Crew.run(new Groups(), groups, job.elements(), null);
        Rows out = job.outputs().gradient();
        if (out != null) {
            byRows(() -> new Writer(out));
        }
        return value;
    }

    private void byRows(Supplier<RowKernel.Worker> workers) {
        RowKernel kernel = new RowKernel() {
            @Override
            public int chunkRows() {
                return chunkRows;
            }

            @Override
            public Worker worker() {
                return workers.get();
            }
        };
        Crew.run(kernel, rows, job.elements(), null);
    }

    /** What groups count in the mean; 0 for what is masked or absent. */
    private void weighGroups() {
        double[] classWeights = job.weights().columns();
        double total = 0;
        for (int g = 0; g < groups; g++) {
            boolean weighs = false;
            boolean labelled = false;
            for (int i = g * size; i < (g + 1) * size; i++) {
                weighs |= weights[i] != 0;
                labelled |= weights[i] != 0 && labels[i] > 0;
            }
            double weight = loss.byClass() && classWeights != null ? classWeights[g] : 1;
            boolean out = !weighs || loss.absent() == AbsentClasses.SKIP && !labelled;
            total += out ? 0 : weight;
            factors[g] = weighs && (labelled || loss.absent() == AbsentClasses.COUNT) ? weight : 0;
        }
        for (int g = 0; g < groups; g++) {
            factors[g] = total == 0 || !loss.byClass() ? factors[g] : factors[g] / total;
        }
    }

    /** A tile of errors, or of their slopes: in the order of rows, while groups may be columns. */
    private void place(float[] tile, long firstRow, int n, float[] to) {
        if (!loss.byClass()) {
            System.arraycopy(tile, 0, to, (int) firstRow * columns, n * columns);
            return;
        }
        for (int k = 0; k < columns; k++) {
            int start = k * size + (int) firstRow;
            for (int r = 0; r < n; r++) {
                to[start + r] = tile[r * columns + k];
            }
        }
    }

    private void place(double[] tile, long firstRow, int n, double[] to) {
        if (!loss.byClass()) {
            System.arraycopy(tile, 0, to, (int) firstRow * columns, n * columns);
            return;
        }
        for (int k = 0; k < columns; k++) {
            int start = k * size + (int) firstRow;
            for (int r = 0; r < n; r++) {
                to[start + r] = tile[r * columns + k];
            }
        }
    }

    private void take(float[] from, long firstRow, int n, float[] tile) {
        if (!loss.byClass()) {
            System.arraycopy(from, (int) firstRow * columns, tile, 0, n * columns);
            return;
        }
        for (int k = 0; k < columns; k++) {
            int start = k * size + (int) firstRow;
            for (int r = 0; r < n; r++) {
                tile[r * columns + k] = from[start + r];
            }
        }
    }

    /** The first pass. */
    private final class Reader implements RowKernel.Worker {
        private final OverlapTile tile = new OverlapTile(job, tileRows, activation, false, true, primitives);
        private final double[] tileErrors = Scratch.ofThisThread().doubles(tileRows * columns);
        private final float[] tileSlopes = Scratch.ofThisThread().floats(tileRows * columns);
        private final double @Nullable [] classWeights =
                loss.byClass() ? null : job.weights().columns();

        @Override
        public double process(long firstRow, int count, @Nullable ClassTotals totals) {
            for (long row = firstRow; row < firstRow + count; row += tileRows) {
                int n = (int) Math.min(tileRows, firstRow + count - row);
                tile.load(row, n);
                read(row, n);
            }
            return 0;
        }

        private void read(long row, int n) {
            int elements = n * columns;
            if (loss.hinge()) {
                LovaszGroup.hinges(tile.p, 0, tile.wideLabels, elements, tileErrors, tileSlopes);
            } else if (activation == Activation.SIGMOID) {
                LovaszGroup.distancesOfLogits(tile.x, 0, tile.wideLabels, elements, tileErrors, tileSlopes);
            } else {
                boolean exact = activation == Activation.ANY;
                LovaszGroup.distances(tile.p, tile.q, exact, 0, tile.wideLabels, elements, tileErrors, tileSlopes);
            }
            if (LovaszGroup.areOdd(tileErrors, tile.w, 0, elements)) {
                odd = true;
            }
            place(tileErrors, row, n, errors);
            place(tileSlopes, row, n, slopes);
            place(tile.wideLabels, row, n, labels);
            place(tile.w, row, n, weights);
            if (classWeights != null) {
                for (int i = 0; i < elements; i++) {
                    weights[(int) row * columns + i] *= (float) classWeights[i % columns];
                }
            }
        }
    }

    /** The second: a group is a row. */
    private final class Groups implements RowKernel {
        @Override
        public int chunkRows() {
            return 1;
        }

        @Override
        public Worker worker() {
            LovaszGroup group = new LovaszGroup();
            return (first, count, totals) -> {
                double sum = 0;
                for (int g = (int) first; g < first + count; g++) {
                    if (factors[g] == 0) {
                        LovaszGroup.clear(slopes, g * size, size);
                    } else {
                        double scale = factors[g] * job.scale();
                        sum += factors[g] * group.evaluate(errors, labels, weights, slopes, g * size, size, scale);
                    }
                }
                return sum;
            };
        }
    }

    /** The last. */
    private final class Writer implements RowKernel.Worker {
        private final Rows out;
        private final @Nullable OverlapTile tile = activation == Activation.ANY
                ? null
                : new OverlapTile(job, tileRows, activation, false, false, primitives);
        private final float[] gradient = Scratch.ofThisThread().floats(tileRows * columns);

        Writer(Rows out) {
            this.out = out;
        }

        @Override
        public double process(long firstRow, int count, @Nullable ClassTotals totals) {
            for (long row = firstRow; row < firstRow + count; row += tileRows) {
                int n = (int) Math.min(tileRows, firstRow + count - row);
                take(slopes, row, n, gradient);
                if (tile != null) {
                    tile.load(row, n);
                    tile.chain(n, gradient);
                }
                out.store(gradient, 0, row, n, 0, columns);
            }
            return 0;
        }
    }
}
