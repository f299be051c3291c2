package io.loss4j.loss;

/** How probabilities p and labels y between 0 and 1 are counted. Equal where both are 0 or 1. */
public enum SoftCounts {
    /** Both: sum y p; predicted: sum p; labelled: sum y. */
    PRODUCT,
    /** Both: sum y p; predicted: sum p^2; labelled: sum y^2, as V-Net and Flux do. A soft label is met by p = y. */
    SQUARED,
    /** Both: sum min(y, p); predicted: sum p; labelled: sum y. A soft label is met by p = y. */
    MINIMUM;

    double both(double y, double p) {
        return this == MINIMUM ? Math.min(y, p) : y * p;
    }

    /** The derivative of {@link #both} by p. */
    double bothSlope(double y, double p) {
        return this == MINIMUM ? (p < y ? 1 : 0) : y;
    }

    double size(double v) {
        return this == SQUARED ? v * v : v;
    }

    /** The derivative of {@link #size}. */
    double sizeSlope(double v) {
        return this == SQUARED ? 2 * v : 1;
    }

    /** Whether the counts have a kink where p is y; its slope is taken to be 0, since p = y is what is wanted. */
    boolean isKink(double y, double p) {
        return this == MINIMUM && y == p;
    }
}
