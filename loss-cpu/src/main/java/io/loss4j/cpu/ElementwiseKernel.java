package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.InputForm;
import org.jspecify.annotations.Nullable;

/** Elementwise losses in single precision, tile by tile: load, function, weights, sum, scale, store. */
final class ElementwiseKernel implements RowKernel {
    private final LossJob job;
    private final Primitives primitives;
    private final TileFunction.Maker maker;
    private final ElementTile tile;
    /** What a column has of its own: the weight of the y-term, or a parameter of the loss. */
    private final double @Nullable [] byColumn;

    ElementwiseKernel(LossJob job, TileFunction.Maker maker, Primitives primitives) {
        this.job = job;
        this.maker = maker;
        this.primitives = primitives;
        this.byColumn = maker.byColumn() == null ? job.weights().positive() : maker.byColumn();
        this.tile = new ElementTile(job, byColumn != null);
    }

    ElementTile tile() {
        return tile;
    }

    long rows() {
        return tile.rows();
    }

    @Override
    public int chunkRows() {
        return tile.chunkRows();
    }

    @Override
    public Worker worker() {
        return new TileWorker();
    }

    private final class TileWorker implements Worker {
        private final Scratch scratch = Scratch.ofThisThread();
        private final int capacity = tile.capacity();
        private final FloatTiles tiles = new FloatTiles(primitives);
        private final TileFunction function = maker.make(primitives, capacity);
        private final float[] x = scratch.floats(capacity);
        private final float[] y = scratch.floats(capacity);
        private final float[] value = scratch.floats(capacity);
        private final float[] gradient = scratch.floats(capacity);
        private final float @Nullable [] perColumn = byColumn == null ? null : scratch.floats(capacity);
        /** The columns that perColumn was filled for; most tiles have the same. */
        private int filledFrom = -1;

        private int filledCount;
        private final @Nullable TileWeights tileWeights = tile.weighted ? new TileWeights(job, tile, tiles) : null;
        private float[] weights = new float[0];
        private final double[] rowTerms = scratch.doubles(tile.termsPerRow ? tile.tileRows() : 0);
        private @Nullable ClassTotals totals;
        private final YesNoTally tally = new YesNoTally(job);
        private final boolean logits = job.spec().input() == InputForm.LOGITS;
        private final int counted = job.outputs().classes() == null ? 0 : capacity;
        /** Labels before smoothing, if they are to be counted. */
        private final float[] given = scratch.floats(counted);

        private final float[] p = scratch.floats(counted);
        private final float[] q = scratch.floats(counted);
        private final float[] tail = scratch.floats(counted);

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals wanted) {
            totals = wanted;
            return tile.forEach(firstRow, rows, rowTerms, this::tile);
        }

        private double tile(long row, int n, int firstColumn, int count) {
            int elements = n * count;
            tiles.load(tile.predictions, row, n, firstColumn, count, x);
            tiles.load(tile.labels, row, n, firstColumn, count, y);
            if (tileWeights != null) {
                weights = tileWeights.of(row, n, firstColumn, count, y);
            }
            if (totals != null) {
                System.arraycopy(y, 0, given, 0, elements);
            }
            if (tile.smoothed) {
                smooth(elements);
            }
            fill(firstColumn, count);
            int lanes = primitives.lanes();
            int whole = (elements + lanes - 1) / lanes * lanes;
            function.apply(x, y, perColumn, value, gradient, whole);
            if (tile.weighted) {
                primitives.weigh(weights, value, gradient, whole);
            }
            if (totals != null) {
                if (logits) {
                    primitives.sigmoid(x, tail, p, q, whole);
                }
                addTo(totals, n, firstColumn, count);
            }
            if (tile.gradient != null) {
                float scale = (float) job.scale();
                if (scale != 1) {
                    FocalTile.multiply(gradient, scale, elements);
                }
                tiles.store(gradient, tile.gradient, row, n, firstColumn, count);
            }
            return sum(row, n, firstColumn, count);
        }

        private void fill(int firstColumn, int count) {
            if (perColumn == null || byColumn == null || filledFrom == firstColumn && filledCount == count) {
                return;
            }
            for (int i = 0; i < capacity; i++) {
                perColumn[i] = (float) byColumn[firstColumn + i % count];
            }
            filledFrom = firstColumn;
            filledCount = count;
        }

        /** Labels 0 and 1 become correctly rounded ones. */
        private void smooth(int elements) {
            float ofZero = (float) tile.smooth(0);
            float ofOne = (float) tile.smooth(1);
            for (int i = 0; i < elements; i++) {
                y[i] = ofZero * (1 - y[i]) + ofOne * y[i];
            }
        }

        private void addTo(ClassTotals all, int n, int firstColumn, int count) {
            for (int r = 0; r < n; r++) {
                for (int k = 0; k < count; k++) {
                    int i = r * count + k;
                    double w = tile.weighted ? weights[i] : 1;
                    if (logits) {
                        tally.add(firstColumn + k, x[i], given[i], w, value[i], p[i], q[i], all);
                    } else {
                        tally.add(firstColumn + k, x[i], given[i], w, value[i], all);
                    }
                }
            }
        }

        private double sum(long row, int n, int firstColumn, int count) {
            if (tile.terms != null) {
                if (!tile.termsPerRow) {
                    tile.terms.store(value, 0, row, n, firstColumn, count);
                } else {
                    for (int r = 0; r < n; r++) {
                        for (int k = 0; k < count; k++) {
                            rowTerms[r] += value[r * count + k];
                        }
                    }
                }
            }
            return job.outputs().value() ? primitives.sum(value, n * count) : 0;
        }
    }
}
