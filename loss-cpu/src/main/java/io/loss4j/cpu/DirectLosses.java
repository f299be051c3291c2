package io.loss4j.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Elementwise losses from memory to memory, without tiles on the heap: for FLOAT arrays without gaps, weights and
 * smoothing. Only a SIMD form exists. Belongs to one worker.
 *
 * <p>Every method computes {@code n} elements from {@code first}, a multiple of {@link Primitives#lanes} and at most
 * {@link #MOST}, writes their scaled derivatives where a gradient is wanted and returns the sum of their values, unscaled.
 * A result that is infinite or NaN says that there is something among them that it does not know, such as infinite logits,
 * and that somebody else must compute them all, gradient included. If no value is wanted, that is all the result says.
 *
 * <p>Public only because the SIMD form lives in a package of its own.
 */
public interface DirectLosses {
    /** Elements in one go: so many are added up in single precision, in twice as many sums as there are lanes. */
    int MOST = 1024;

    /**
     * What a job reads and writes.
     *
     * @param scale what derivatives are multiplied by
     * @param value whether a value is wanted
     */
    record Memory(FloatMemory x, FloatMemory y, @Nullable FloatMemory gradient, float scale, boolean value) {}

    /** See {@link Primitives#sigmoidCrossEntropy}. */
    double sigmoidCrossEntropy(Memory memory, long first, int n);

    /**
     * Focal loss from logits for labels 0 and 1: with u = 1 - p_t, {@code alpha_t u^gamma CE}, and its derivative
     * {@code alpha_t u^gamma (1 - 2y) (gamma p_t CE + u)}.
     *
     * @param gamma 1 or 2
     * @param negative alpha of label 0
     * @param positive alpha of label 1
     */
    double sigmoidFocal(Memory memory, float gamma, float negative, float positive, long first, int n);

    /** With d = x - y, {@code d^2}. */
    double squared(Memory memory, long first, int n);

    /** {@code |d|}. */
    double absolute(Memory memory, long first, int n);

    /**
     * {@code d^2 / 2} up to delta and {@code delta (|d| - delta / 2)} beyond, times a factor.
     */
    double huber(Memory memory, float delta, double factor, long first, int n);
}
