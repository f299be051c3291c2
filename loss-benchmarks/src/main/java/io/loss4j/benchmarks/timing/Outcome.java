package io.loss4j.benchmarks.timing;

import java.util.Optional;

/**
 * What one call came to.
 *
 * @param value the sum over all rows; NaN if it was not asked for
 * @param gradient the derivative of that sum by the predictions, row by row, if it was asked for
 */
public record Outcome(double value, Optional<float[]> gradient) {
    /** Of who computes nothing and has checked by itself that it does that. */
    public static final Outcome NOTHING = new Outcome(Double.NaN, Optional.empty());
}
