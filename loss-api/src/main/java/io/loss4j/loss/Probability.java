package io.loss4j.loss;

/** Logarithms of probabilities that may be 0, and products with weights that may be 0. */
final class Probability {
    /** Logarithms of given probabilities end here, so that a probability of 0 costs much but not infinitely much. */
    static final double LOG_FLOOR = -100;

    private Probability() {}

    /** The nearest end for a probability that rounding has pushed out of [0, 1]. */
    static double clamp(double p) {
        return Math.min(1, Math.max(0, p));
    }

    /** max(log p, -100). */
    static double log(double p) {
        return Math.max(Math.log(p), LOG_FLOOR);
    }

    /** max(log(1 - p), -100); log1p keeps the digits of a small p. */
    static double logOfComplement(double p) {
        return Math.max(Math.log1p(-p), LOG_FLOOR);
    }

    /** The derivative of {@link #log}: 0 where the floor holds the value. */
    static double logSlope(double p) {
        return Math.log(p) < LOG_FLOOR ? 0 : 1 / p;
    }

    /** The derivative of {@link #logOfComplement} by p. */
    static double logOfComplementSlope(double p) {
        return Math.log1p(-p) < LOG_FLOOR ? 0 : -1 / (1 - p);
    }

    /** weight * value with 0 * infinity = 0: what has no weight costs nothing, as in 0 log 0 = 0. */
    static double weighted(double weight, double value) {
        return weight == 0 && Double.isInfinite(value) ? 0 : weight * value;
    }
}
