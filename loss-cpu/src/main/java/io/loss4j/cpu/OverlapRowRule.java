package io.loss4j.cpu;

import io.loss4j.loss.Activation;
import io.loss4j.loss.SoftCountLoss;
import io.loss4j.loss.SoftCountTable;
import io.loss4j.loss.SoftCounts;

/** Losses of soft counts of each row by itself. */
final class OverlapRowRule implements RowRule {
    private static final double[] ONE = {1};

    private final SoftCountLoss loss;
    private final SoftCounts counts;
    private final boolean sigmoid;
    private final boolean softmax;
    private final int columns;
    private final Primitives primitives;
    private final SoftmaxTile tile;
    private final float[] tail;
    private final float[] w;

    /**
     * @param activation what makes probabilities of logits; ANY if predictions are probabilities
     */
    OverlapRowRule(SoftCountLoss loss, Activation activation, int columns, int rows, Primitives primitives) {
        this.loss = loss;
        this.columns = columns;
        this.primitives = primitives;
        counts = loss.counts();
        sigmoid = activation == Activation.SIGMOID;
        softmax = activation == Activation.SOFTMAX;
        tile = new SoftmaxTile(columns, rows, primitives);
        tail = SoftmaxTile.array(sigmoid ? rows * columns : 0, primitives);
        w = new float[columns];
    }

    @Override
    public float[] weights() {
        return w;
    }

    @Override
    public void prepare(float[] x, int rows, int[] hot) {
        int n = rows * columns;
        if (softmax) {
            tile.of(x, rows);
        } else if (sigmoid) {
            primitives.sigmoid(x, tail, tile.p, tile.q, SoftmaxTile.whole(n, primitives));
        } else {
            System.arraycopy(x, 0, tile.p, 0, n);
            for (int i = 0; i < n; i++) {
                tile.q[i] = 1 - x[i];
            }
        }
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        if (softmax && tile.top[r] < 0) {
            return Double.NaN;
        }
        int at = r * columns;
        SoftCountTable table = new SoftCountTable(1);
        count(at, t, table);
        double value = loss.evaluate(table, ONE);
        for (int k = 0; k < columns; k++) {
            int i = at + k;
            gradient[i] = w[k] == 0 ? 0 : (float) (w[k] * byProbability(table, i, t[k]));
        }
        if (sigmoid) {
            for (int i = at; i < at + columns; i++) {
                gradient[i] *= tile.p[i] * tile.q[i];
            }
        } else if (softmax) {
            tile.fromProbabilities(r, gradient);
        }
        return value;
    }

    private void count(int at, float[] t, SoftCountTable table) {
        double truePositive = 0;
        double falsePositive = 0;
        double falseNegative = 0;
        double trueNegative = 0;
        double label = 0;
        double weight = 0;
        for (int k = 0; k < columns; k++) {
            double m = w[k];
            if (m == 0) {
                continue;
            }
            double y = t[k];
            double p = tile.p[at + k];
            double q = tile.q[at + k];
            double above = above(y, p, q);
            switch (counts) {
                case PRODUCT -> {
                    truePositive += m * y * p;
                    falsePositive += m * (1 - y) * p;
                    falseNegative += m * y * q;
                }
                case SQUARED -> {
                    truePositive += m * y * p;
                    falsePositive += m * p * above;
                    falseNegative -= m * y * above;
                }
                case MINIMUM -> {
                    truePositive += m * Math.min(y, p);
                    falsePositive += m * Math.max(0, above);
                    falseNegative += m * Math.max(0, -above);
                }
            }
            trueNegative += m * (1 - y) * q;
            label += m * y;
            weight += m;
        }
        table.add(0, truePositive, falsePositive, falseNegative, trueNegative, label, weight);
    }

    /** p - y, of which neither a sure yes nor a sure no loses digits. */
    static double above(double y, double p, double q) {
        return y < 0.5 ? p - y : 1 - y - q;
    }

    private double byProbability(SoftCountTable table, int i, double y) {
        return byProbability(counts, table, 0, y, tile.p[i], tile.q[i]);
    }

    /** The derivative of a loss of counts by a probability of a column. */
    static double byProbability(SoftCounts counts, SoftCountTable table, int column, double y, double p, double q) {
        double above = above(y, p, q);
        boolean minimum = counts == SoftCounts.MINIMUM;
        if (minimum && above == 0) {
            return 0; // p = y is what is wanted
        }
        double both = minimum ? (above < 0 ? 1 : 0) : y;
        double size = counts == SoftCounts.SQUARED ? 2 * p : 1;
        return table.byTruePositive(column) * both
                + table.byFalsePositive(column) * (size - both)
                - table.byFalseNegative(column) * both
                - table.byTrueNegative(column) * (1 - y);
    }
}
