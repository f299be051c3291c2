package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import org.jspecify.annotations.Nullable;

/** Elementwise losses in double: tile by tile by their formula, or its {@link DoubleTile} if they have one. */
final class ElementwiseFormula implements RowKernel {
    private final LossJob job;
    private final ElementwiseLoss loss;
    private final ElementTile tile;
    private final DoublePrimitives primitives;
    /** Whether the formula is the same for all columns. */
    private final boolean even;

    ElementwiseFormula(LossJob job, DoublePrimitives primitives) {
        this.job = job;
        this.primitives = primitives;
        this.loss = (ElementwiseLoss) job.spec();
        this.tile = new ElementTile(job, loss.columns() != 0);
        even = loss.columns() == 0 && job.weights().positive() == null;
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
        return new FormulaWorker();
    }

    private final class FormulaWorker implements Worker {
        private final Scratch scratch = Scratch.ofThisThread();
        private final int size = tile.capacity();
        private final double[] x = scratch.doubles(size);
        private final double[] y = scratch.doubles(size);
        /** Labels before smoothing, if they are to be counted. */
        private final double[] given = scratch.doubles(job.outputs().classes() == null ? 0 : size);

        /** A formula that nobody asks for is not computed: a network asks for the value and the gradient in turn. */
        private final boolean wantsTerms = job.outputs().value()
                || job.outputs().terms() != null
                || job.outputs().classes() != null;

        private final @Nullable DoubleTile fast = even ? fast() : null;
        private final double[] value = scratch.doubles(size);
        private final double[] gradient = scratch.doubles(size);
        private final double[] weights = scratch.doubles(tile.weighted ? size : 0);
        private final double[] masks = scratch.doubles(tile.weighted ? size : 0);
        private final double[] rowTerms = scratch.doubles(tile.termsPerRow ? tile.tileRows() : 0);
        private final YesNoTally tally = new YesNoTally(job);
        private @Nullable ClassTotals totals;

        private @Nullable DoubleTile fast() {
            DoubleTile of = DoubleTile.of(loss, primitives, size);
            return of == null ? null : of.only(wantsTerms, tile.gradient != null);
        }

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals wanted) {
            totals = wanted;
            return tile.forEach(firstRow, rows, rowTerms, this::tile);
        }

        private double tile(long row, int n, int firstColumn, int count) {
            int elements = n * count;
            tile.predictions.load(row, n, firstColumn, count, x, 0);
            tile.labels.load(row, n, firstColumn, count, y, 0);
            if (tile.weighted) {
                tile.weigh(row, n, firstColumn, count, i -> y[i], masks, weights);
            }
            if (totals != null) {
                System.arraycopy(y, 0, given, 0, elements);
            }
            if (tile.smoothed) {
                for (int i = 0; i < elements; i++) {
                    y[i] = tile.smooth(y[i]);
                }
            }
            compute(n, firstColumn, count);
            if (tile.weighted) {
                weigh(elements);
            }
            if (totals != null) {
                addTo(totals, n, firstColumn, count);
            }
            if (tile.gradient != null) {
                double scale = job.scale();
                for (int i = 0; i < elements; i++) {
                    gradient[i] *= scale;
                }
                tile.gradient.store(gradient, 0, row, n, firstColumn, count);
            }
            if (!wantsTerms) {
                return 0;
            } else if (tile.terms != null && !tile.termsPerRow) {
                tile.terms.store(value, 0, row, n, firstColumn, count);
            }
            for (int r = 0; r < rowTerms.length && r < n; r++) {
                rowTerms[r] += primitives.sum(value, r * count, count);
            }
            return primitives.sum(value, 0, elements);
        }

        private void compute(int n, int firstColumn, int count) {
            if (fast != null) {
                fast.apply(x, y, value, gradient, primitives.whole(n * count));
            } else if (even) {
                if (wantsTerms) {
                    values(loss, x, y, value, n * count);
                }
                if (tile.gradient != null) {
                    derivatives(loss, x, y, gradient, n * count);
                }
            } else {
                for (int i = 0; i < n * count; i++) {
                    element(i, firstColumn + i % count);
                }
            }
        }

        private void element(int i, int column) {
            ElementwiseLoss formula = loss.forColumn(column);
            double @Nullable [] positive = job.weights().positive();
            if (positive != null && formula instanceof BinaryLoss binary) {
                value[i] = binary.value(x[i], y[i], positive[column]);
                gradient[i] = binary.derivative(x[i], y[i], positive[column]);
            } else {
                value[i] = formula.value(x[i], y[i]);
                gradient[i] = formula.derivative(x[i], y[i]);
            }
        }

        /** A weight of 0 wins over whatever stands there, even NaN. */
        private void weigh(int elements) {
            for (int i = 0; i < elements; i++) {
                double w = weights[i];
                value[i] = w == 0 ? 0 : value[i] * w;
                gradient[i] = w == 0 ? 0 : gradient[i] * w;
            }
        }

        private void addTo(ClassTotals all, int n, int firstColumn, int count) {
            for (int i = 0; i < n * count; i++) {
                double w = tile.weighted ? weights[i] : 1;
                tally.add(firstColumn + i % count, x[i], given[i], w, value[i], all);
            }
        }
    }

    // A network has one loss: the JIT then puts its formula into these loops and vectorises them where it can.

    private static void values(ElementwiseLoss loss, double[] x, double[] y, double[] value, int n) {
        for (int i = 0; i < n; i++) {
            value[i] = loss.value(x[i], y[i]);
        }
    }

    private static void derivatives(ElementwiseLoss loss, double[] x, double[] y, double[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            derivative[i] = loss.derivative(x[i], y[i]);
        }
    }
}
