package io.loss4j.dl4j.metric;

import java.util.Locale;

/**
 * A number with the range in which it would fall for other rows of the same kind.
 *
 * @param estimate from all rows as they are
 * @param lower end of the range
 * @param upper end of the range
 * @param level how much of the resampled numbers the range holds, such as 0.95
 * @param undefined in how many replicates the metric was NaN; they were left out
 */
public record Interval(double estimate, double lower, double upper, double level, int undefined) {
    /** Whether the whole range is above 0 or below: for a difference, whether it is more than chance at this level. */
    public boolean excludesZero() {
        return lower > 0 || upper < 0;
    }

    /** {@code 0.712 [0.655, 0.768]}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", estimate, lower, upper);
    }
}
