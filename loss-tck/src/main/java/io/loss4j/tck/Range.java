package io.loss4j.tck;

import java.util.Random;

/**
 * Where a loss is defined. Numbers are drawn from inside, a little away from both ends, because formulas may have a kink
 * or a pole there; the ends themselves are the extremes at which values and gradients must stay finite. An infinite end
 * stands for ±1e4 in FLOAT and ±1e30 in DOUBLE.
 *
 * @param low lower end; may be negative infinity
 * @param high upper end; may be infinity
 */
public record Range(double low, double high) {
    /** All real numbers: logits, scores, regression. */
    public static final Range REALS = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** From 0 to 1. */
    public static final Range PROBABILITIES = new Range(0, 1);

    /** Up to 0. */
    public static final Range LOG_PROBABILITIES = new Range(Double.NEGATIVE_INFINITY, 0);

    private static final double SPREAD = 3;
    private static final double MARGIN = 0.02;

    /** Checks that the ends are in order. */
    public Range {
        if (!(low < high)) {
            throw new IllegalArgumentException("range from " + low + " to " + high + " is empty");
        }
    }

    double draw(Random random) {
        if (Double.isInfinite(low) && Double.isInfinite(high)) {
            return SPREAD * random.nextGaussian();
        }
        if (Double.isInfinite(low)) {
            return high - MARGIN - SPREAD * Math.abs(random.nextGaussian());
        }
        if (Double.isInfinite(high)) {
            return low + MARGIN + SPREAD * Math.abs(random.nextGaussian());
        }
        return low + (high - low) * (MARGIN + (1 - 2 * MARGIN) * random.nextDouble());
    }

    /** A whole number from the range and not below 0, so that unsigned types can hold it. */
    double drawWhole(Random random) {
        double ceiling = Math.floor(Math.min(high, 3));
        double floor = Math.ceil(Math.max(low, 0));
        return ceiling <= floor ? floor : floor + random.nextInt((int) (ceiling - floor) + 1);
    }

    double lowest(double infinity) {
        return Math.max(low, -infinity);
    }

    double highest(double infinity) {
        return Math.min(high, infinity);
    }
}
