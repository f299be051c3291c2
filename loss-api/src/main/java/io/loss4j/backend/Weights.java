package io.loss4j.backend;

import io.loss4j.tensor.Rows;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a job. The arrays are shared, not copied: backends only read them.
 *
 * @param columns class weights w_k: multiply the label term of their class, or the elements of their column; or null
 * @param positive weights of the y-term of binary losses, by column; or null
 * @param mask one column: multiplies the row; as many columns as the predictions: multiplies the label terms of softmax
 *     and row losses and the elements of elementwise losses; or null
 */
@SuppressWarnings("ArrayRecordComponent") // handed over inside one call, never compared
public record Weights(
        double @Nullable [] columns,
        double @Nullable [] positive,
        @Nullable Rows mask) {
    /** No weights at all. */
    public static final Weights NONE = new Weights(null, null, null);

    /** Whether the mask has one weight per row. */
    public boolean hasRowMask() {
        return mask != null && mask.columns() == 1;
    }

    /** Whether the mask has one weight per element; with a single column, rows and elements are the same. */
    public boolean hasElementMask() {
        return mask != null && mask.columns() > 1;
    }
}
