package io.loss4j.loss;

import java.util.Arrays;

/**
 * Soft counts of the columns of a batch: sums over its rows of weights times what probabilities and labels have in common
 * or not; and the derivatives of a loss by them. For one thread.
 */
public final class SoftCountTable {
    private final double[] truePositive;
    private final double[] falsePositive;
    private final double[] falseNegative;
    private final double[] trueNegative;
    private final double[] labels;
    private final double[] weights;
    private final Confusion.Cost[] costs;

    /** Of so many columns, all 0. */
    public SoftCountTable(int columns) {
        truePositive = new double[columns];
        falsePositive = new double[columns];
        falseNegative = new double[columns];
        trueNegative = new double[columns];
        labels = new double[columns];
        weights = new double[columns];
        costs = new Confusion.Cost[columns];
        Arrays.fill(costs, Confusion.Cost.constant(0));
    }

    /** How many columns. */
    public int columns() {
        return weights.length;
    }

    /** Of the columns of a group that is a whole batch. */
    static SoftCountTable of(Group all, int columns, SoftCounts counts) {
        SoftCountTable table = new SoftCountTable(columns);
        for (int k = 0; k < columns; k++) {
            Group column = all.column(k, columns);
            Confusion c = Confusion.of(column, counts);
            double label = column.hasLabels() ? 1 : 0;
            table.add(
                    k,
                    c.truePositive(),
                    c.falsePositive(),
                    c.falseNegative(),
                    c.trueNegative(),
                    label,
                    column.weight());
        }
        return table;
    }

    /**
     * Adds weighted counts of a column.
     *
     * @param truePositive of what label and probability have in common, both(y, p)
     * @param falsePositive size(p) - both(y, p)
     * @param falseNegative size(y) - both(y, p)
     * @param trueNegative (1 - y) (1 - p)
     * @param label y
     * @param weight 1
     */
    public void add(
            int column,
            double truePositive,
            double falsePositive,
            double falseNegative,
            double trueNegative,
            double label,
            double weight) {
        this.truePositive[column] += truePositive;
        this.falsePositive[column] += falsePositive;
        this.falseNegative[column] += falseNegative;
        this.trueNegative[column] += trueNegative;
        labels[column] += label;
        weights[column] += weight;
    }

    /** Adds all counts of a table of as many columns. */
    public void add(SoftCountTable other) {
        for (int k = 0; k < columns(); k++) {
            add(
                    k,
                    other.truePositive[k],
                    other.falsePositive[k],
                    other.falseNegative[k],
                    other.trueNegative[k],
                    other.labels[k],
                    other.weights[k]);
        }
    }

    /** The derivative of the loss by the true positives of a column. */
    public double byTruePositive(int column) {
        return costs[column].byTruePositive();
    }

    /** The derivative of the loss by the false positives of a column. */
    public double byFalsePositive(int column) {
        return costs[column].byFalsePositive();
    }

    /** The derivative of the loss by the false negatives of a column. */
    public double byFalseNegative(int column) {
        return costs[column].byFalseNegative();
    }

    /** The derivative of the loss by the true negatives of a column. */
    public double byTrueNegative(int column) {
        return costs[column].byTrueNegative();
    }

    Confusion confusion(int column) {
        return new Confusion(truePositive[column], falsePositive[column], falseNegative[column], trueNegative[column]);
    }

    double weight(int column) {
        return weights[column];
    }

    /** Whether a column has a label above 0 that counts; NaN is one. */
    boolean hasLabels(int column) {
        return !(labels[column] <= 0);
    }

    /** The slopes of a column. */
    Confusion.Cost cost(int column) {
        return costs[column];
    }

    void slopes(int column, double factor, Confusion.Cost cost) {
        costs[column] = cost.then(cost.value(), factor);
    }
}
