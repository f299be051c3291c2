package io.loss4j.cpu;

/**
 * Softmax rows that lie one behind the other in memory, without a copy on the way in and out. Belongs to one worker.
 *
 * <p>Public only because the SIMD form lives in a package of its own.
 */
public interface DirectRows {
    /**
     * {@code e[i] = exp(x[first + i])} as {@link Primitives#boundedExponentials(float[], float[], int)} does it.
     *
     * @param n a multiple of {@link Primitives#lanes}
     * @return whether no x was above {@link Primitives#HIGHEST}; else nothing that was written holds
     */
    boolean exponentials(FloatMemory x, long first, int n, float[] e);

    /**
     * As {@link Primitives#onlyNonZero}; {@link #nonZero} is then the element itself.
     *
     * @param n at least {@link Primitives#lanes}
     */
    int onlyNonZero(FloatMemory t, long first, int n);

    /** What {@link #onlyNonZero} found last, if it found a single one. */
    float nonZero();

    /**
     * Writes rows of gradients, {@code factors[r]} times the exponentials, with another number at the target.
     *
     * @param e rows of so many columns, one behind the other
     * @param hot by row: the column of the target
     * @param atTarget by row: the gradient there
     */
    void scale(
            float[] e,
            int columns,
            int rows,
            float[] factors,
            int[] hot,
            float[] atTarget,
            FloatMemory out,
            long first);
}
