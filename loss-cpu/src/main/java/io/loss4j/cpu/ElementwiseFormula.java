package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import org.jspecify.annotations.Nullable;

/** Elementwise losses by their formula, element by element in double. */
final class ElementwiseFormula implements RowKernel {
    private final LossJob job;
    private final ElementwiseLoss loss;
    private final ElementTile tile;

    ElementwiseFormula(LossJob job) {
        this.job = job;
        this.loss = (ElementwiseLoss) job.spec();
        this.tile = new ElementTile(job, loss.columns() != 0);
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
        private final int size = tile.tileRows() * tile.tileColumns();
        private final double[] x = new double[size];
        private final double[] y = new double[size];
        /** Labels before smoothing, if they are to be counted. */
        private final double[] given = new double[job.outputs().classes() == null ? 0 : size];

        /** A formula that nobody asks for is not computed: a network asks for the value and the gradient in turn. */
        private final boolean wantsTerms = job.outputs().value()
                || job.outputs().terms() != null
                || job.outputs().classes() != null;

        private final double[] value = new double[size];
        private final double[] gradient = new double[size];
        private final double[] weights = new double[size];
        private final double[] masks = new double[size];
        private final double[] rowTerms = new double[tile.tileRows()];
        private final YesNoTally tally = new YesNoTally(job);
        private @Nullable ClassTotals totals;

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
            double sum = 0;
            for (int r = 0; r < n; r++) {
                for (int k = 0; k < count; k++) {
                    int i = r * count + k;
                    double w = tile.weighted ? weights[i] : 1;
                    element(i, firstColumn + k, w);
                    if (totals != null) {
                        tally.add(firstColumn + k, x[i], given[i], w, value[i], totals);
                    }
                    sum += value[i];
                    rowTerms[r] += value[i];
                }
            }
            if (tile.gradient != null) {
                tile.gradient.store(gradient, 0, row, n, firstColumn, count);
            }
            if (tile.terms != null && !tile.termsPerRow) {
                tile.terms.store(value, 0, row, n, firstColumn, count);
            }
            return sum;
        }

        private void element(int i, int column, double w) {
            if (w == 0) {
                value[i] = 0;
                gradient[i] = 0;
                return;
            }
            ElementwiseLoss formula = loss.columns() == 0 ? loss : loss.forColumn(column);
            double @Nullable [] positive = job.weights().positive();
            BinaryLoss weighted = positive != null && formula instanceof BinaryLoss binary ? binary : null;
            double p = weighted == null || positive == null ? 1 : positive[column];
            if (wantsTerms) {
                value[i] = w * (weighted == null ? formula.value(x[i], y[i]) : weighted.value(x[i], y[i], p));
            }
            if (tile.gradient != null) {
                double slope = weighted == null ? formula.derivative(x[i], y[i]) : weighted.derivative(x[i], y[i], p);
                gradient[i] = w * job.scale() * slope;
            }
        }
    }
}
