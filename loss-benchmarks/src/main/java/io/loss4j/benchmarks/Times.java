package io.loss4j.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Times per call in microseconds, or ratios of such; never empty. */
final class Times {
    private final double[] sorted;

    Times(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    Times and(Times others) {
        return new Times(DoubleStream.concat(Arrays.stream(sorted), Arrays.stream(others.sorted))
                .toArray());
    }

    double min() {
        return sorted[0];
    }

    double max() {
        return sorted[sorted.length - 1];
    }

    double median() {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** From the smallest to the largest. */
    double[] sorted() {
        return sorted.clone();
    }

    /** Such as {@code 0.812 ms (0.801 to 0.904)}. */
    String asTime() {
        boolean small = median() < 1000;
        double unit = small ? 1 : 1000;
        return digits(median() / unit) + (small ? " us (" : " ms (") + digits(min() / unit) + " to "
                + digits(max() / unit) + ")";
    }

    /** Such as {@code 45.2 (43.1 to 47.8)}. */
    String asRatio() {
        return digits(median()) + " (" + digits(min()) + " to " + digits(max()) + ")";
    }

    /** Three digits, never an exponent. */
    private static String digits(double value) {
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
