package io.loss4j.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Times per call in microseconds, or ratios of such; never empty. */
final class Times {
    /** The tenth part at either end is left to the neighbours of this machine. */
    private static final double TAIL = 0.1;

    private final double[] sorted;

    Times(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    double min() {
        return sorted[0];
    }

    double max() {
        return sorted[sorted.length - 1];
    }

    double median() {
        return quantile(0.5);
    }

    /** What all but a tenth exceed. */
    double low() {
        return quantile(TAIL);
    }

    /** What all but a tenth stay below. */
    double high() {
        return quantile(1 - TAIL);
    }

    /** Between two values by their distance. */
    private double quantile(double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** Such as {@code 0.812 ms (0.801 to 0.904)}. */
    String asTime() {
        boolean small = median() < 1000;
        double unit = small ? 1 : 1000;
        return digits(median() / unit) + (small ? " us (" : " ms (") + digits(low() / unit) + " to "
                + digits(high() / unit) + ")";
    }

    /** Such as {@code 45.2 (43.1 to 47.8)}. */
    String asRatio() {
        return digits(median()) + " (" + digits(low()) + " to " + digits(high()) + ")";
    }

    /** Three digits, never an exponent. */
    static String digits(double value) {
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
