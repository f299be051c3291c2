package io.loss4j.examples.comparison;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * The mean of one number per fold, with the corrected resampled t test of Nadeau and Bengio (2003): folds share most of
 * their training rows, so the variance of the mean is (1/n + tested/trained) s^2 rather than s^2/n.
 */
final class PairedFolds {
    private static final double LEVEL = 0.95;

    private final double mean;
    private final double error;
    private final int freedom;

    /**
     * @param values one per fold of every repeat
     * @param folds per repeat
     */
    PairedFolds(double[] values, int folds) {
        int n = values.length;
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        mean = sum / n;
        double squares = 0;
        for (double v : values) {
            squares += (v - mean) * (v - mean);
        }
        freedom = n - 1;
        error = Math.sqrt((1.0 / n + 1.0 / (folds - 1)) * squares / freedom);
    }

    /** The mean and its confidence interval of 95 %. */
    Interval interval() {
        double half = error == 0 ? 0 : new TDistribution(freedom).inverseCumulativeProbability((1 + LEVEL) / 2) * error;
        return new Interval(mean, mean - half, mean + half);
    }

    /** The probability of a mean as far from 0 if the true one is 0. */
    double doubt() {
        if (error == 0) {
            return mean == 0 ? 1 : 0;
        }
        return 2 * new TDistribution(freedom).cumulativeProbability(-Math.abs(mean) / error);
    }
}
