package io.loss4j.backend;

import io.loss4j.tensor.Rows;
import org.jspecify.annotations.Nullable;

/**
 * What a job must produce.
 *
 * @param value whether the scaled sum of all terms is wanted
 * @param gradient where to write the derivative of the scaled sum by the predictions, every element; or null
 * @param terms where to write the weighted, unscaled terms: one per row if it has one column, else one per element; or
 *     null
 * @param classes where to add up by class, empty at first; or null. Wanted of softmax, binary and row losses only, and
 *     only of backends that {@link LossBackend#totalsByClass() can}
 */
public record Outputs(
        boolean value,
        @Nullable Rows gradient,
        @Nullable Rows terms,
        @Nullable ClassTotals classes) {
    /** Without totals by class. */
    public Outputs(boolean value, @Nullable Rows gradient, @Nullable Rows terms) {
        this(value, gradient, terms, null);
    }
}
