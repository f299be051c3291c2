package io.loss4j.examples.comparison;

/**
 * A mean over the folds and its confidence interval of 95 %.
 *
 * @param mean over all folds of all repeats
 * @param low where the interval begins
 * @param high where it ends
 */
public record Interval(double mean, double low, double high) {
    /** Whether all of it lies on one side of 0. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
