package io.loss4j.cpu;

import org.jspecify.annotations.Nullable;

/** A row loss in single precision, for one worker: what {@link RowRuleKernel} runs instead of the formula in double. */
interface RowRule {
    /**
     * Works ahead for all rows of a tile at once.
     *
     * @param x predictions, row after row; changed logits, where there are any
     * @param hot by row: the only class with a target, or a negative number
     */
    default void prepare(float[] x, int rows, int[] hot) {}

    /** Where to put the weights of the elements of a row, for losses that keep them apart from targets; else null. */
    default float @Nullable [] weights() {
        return null;
    }

    /** Where to put the targets of such a row in double, for losses that look at the last digit; else null. */
    default double @Nullable [] wideTargets() {
        return null;
    }

    /**
     * Computes a row of the tile.
     *
     * @param r the row; it starts at r times columns in x and gradient
     * @param hot the only class with a target, or a negative number
     * @param t its targets
     * @param gradient where to write the derivatives of this row
     * @return the loss; NaN leaves the row to the formula, whatever has been written
     */
    double evaluate(float[] x, int r, int hot, float[] t, float[] gradient);
}
