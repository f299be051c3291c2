package io.loss4j.cpu;

import io.loss4j.loss.Activation;
import io.loss4j.loss.SoftCountLoss;
import io.loss4j.loss.SoftCountTable;
import io.loss4j.loss.SoftCounts;

/** Losses of soft counts of each row by itself. */
final class OverlapRowRule extends ProbabilityRule {
    private static final double[] ONE = {1};

    private final SoftCountLoss loss;
    private final SoftCounts counts;

    /**
     * @param activation what makes probabilities of logits; ANY if predictions are probabilities
     */
    OverlapRowRule(SoftCountLoss loss, Activation activation, int columns, int rows, Primitives primitives) {
        super(activation, columns, rows, primitives);
        this.loss = loss;
        counts = loss.counts();
    }

    @Override
    double ofProbabilities(float[] x, int at, float[] t, float[] gradient) {
        SoftCountTable table = new SoftCountTable(1);
        count(at, t, table);
        double value = loss.evaluate(table, ONE);
        for (int k = 0; k < columns; k++) {
            int i = at + k;
            gradient[i] = w[k] == 0 ? 0 : (float) (w[k] * byProbability(table, i, t[k]));
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
