package io.loss4j.cpu;

/**
 * The few array operations that all fast kernels are made of, in single precision: a scalar form here and a SIMD form in
 * its own package, which alone knows the vector module. Dispatch is by array, never by element.
 *
 * <p>Sums of exponentials are taken in {@link #lanes} interleaved partial sums, flushed to double every {@link #BLOCK}
 * columns, by rows and across rows alike: so a row gives the same bits in either layout.
 *
 * <p>Public only because the SIMD form lives in a package of its own.
 */
public interface Primitives {
    /** Columns after which partial sums are flushed to double; a multiple of every number of lanes. */
    int BLOCK = 2048;

    /** Logits up to this need no shift: sums of their exponentials, and ratios of such sums, stay finite. */
    float HIGHEST = 40;

    /** The least sum of exponentials without a shift, which are of less than full accuracy below 1e-38. */
    float LEAST_TOTAL = 1e-17f;

    /** The most that others may be for one target: log(1 + ratio) takes finite numbers. */
    float MOST_RATIO = 1e38f;

    /** A logit of which the exponential is exactly 0. */
    float GONE = -200;

    /** What runs, for people: {@code SIMD 512 bit}, {@code scalar}. */
    String description();

    /** The same kind of primitives in double precision. */
    DoublePrimitives doubles();

    /** Interleaved partial sums in a sum of exponentials. Rows are padded to a multiple of it. */
    int lanes();

    /** The largest of {@code x[at .. at + n)}; n is a multiple of {@link #lanes}. NaN may be lost. */
    float max(float[] x, int at, int n);

    /**
     * {@code e[i] = exp(x[i] - shift)}; results below 2^-126 are 0. Works in place.
     *
     * @param n a multiple of {@link #lanes}
     * @param partial scratch of {@link #lanes}
     * @return the sum of the exponentials
     */
    double exponentials(float[] x, float shift, float[] e, int n, float[] partial);

    /**
     * {@code e[i] = exp(x[i])}, without any shift; results below 2^-126 are 0. Works in place. Where x is infinite, NaN, or
     * beyond -10^6 the result is right or NaN.
     *
     * @param n a multiple of {@link #lanes}
     * @return whether no x was above {@link #HIGHEST}; else nothing that was written holds
     */
    boolean boundedExponentials(float[] x, float[] e, int n);

    /**
     * The same for the columns from, ..., to - 1 of so many rows, with partial sums. What follows a row in x up to whole
     * vectors is overwritten.
     *
     * @param x rows of so many columns, one after the other
     * @param from a multiple of {@link #lanes}
     * @param e where rows begin at multiples of pitch
     * @param pitch a multiple of {@link #lanes}
     * @param partial for each row {@link #lanes} sums
     */
    boolean boundedExponentials(
            float[] x, int columns, int from, int to, int rows, float[] e, int pitch, float[] partial);

    /**
     * The sums of the columns from, ..., to - 1 of so many rows, each in {@link #lanes} interleaved partial sums.
     *
     * @param e rows of so many columns, one after the other, and as much more as a vector has
     * @param from a multiple of {@link #lanes}
     * @param partial for each row {@link #lanes} sums
     */
    void partialSums(float[] e, int columns, int from, int to, int rows, float[] partial);

    /**
     * The sums of t, of t x and of x over one row, in {@link #lanes} interleaved partial sums each, flushed to double every
     * {@link #BLOCK} columns.
     *
     * @param x where the row begins at an index, and what follows it is as long as a vector
     * @param t the same
     * @param partial scratch of three times {@link #lanes}
     * @param sums the three results
     */
    void softSums(float[] x, int xAt, float[] t, int tAt, int n, float[] partial, double[] sums);

    /**
     * {@code out[r * columns + k] = e[r * pitch + k] * factor[r]}; what follows a row in out up to whole vectors is
     * overwritten.
     */
    void scaleRows(float[] e, int pitch, int columns, int rows, float[] factor, float[] out);

    /** The position of the only non-zero element of {@code t[at .. at + n)}; -1 if there are several, -2 if none. */
    int onlyNonZero(float[] t, int at, int n);

    /** {@code out[i] = t[i] == 0 ? 0 : marks[i]} for i below n, a multiple of {@link #lanes}. */
    void markNonZero(float[] t, float[] marks, float[] out, int n);

    /** Whether every one of the first n elements is 0 or 1; n is a multiple of {@link #lanes}. */
    boolean onlyZerosAndOnes(float[] y, int n);

    /** Whether every one of the first n elements lies between two numbers or on them; n is a multiple of {@link #lanes}. */
    boolean within(float[] x, float low, float high, int n);

    /**
     * For a transposed tile with column k of row r at {@code x[k * pitch + r]}: the largest of each row.
     *
     * @param pitch a multiple of {@link #lanes}
     */
    void maxAcross(float[] x, int columns, int pitch, float[] max);

    /**
     * For a transposed tile: replaces x by exp(x), without any shift, and adds up the rows, as {@link
     * #boundedExponentials(float[], float[], int)} does.
     *
     * @param partial scratch of lanes x pitch
     * @param sums by row
     */
    boolean boundedExponentialsAcross(float[] x, int columns, int pitch, float[] partial, double[] sums);

    /** For a transposed tile: multiplies each row by its factor. */
    void scaleAcross(float[] x, int columns, int pitch, float[] factor);

    /**
     * Both softplus tails and the sigmoid, without cancellation: {@code tail = log(1 + exp(-|x|))},
     * {@code p = 1 / (1 + exp(-x))}, {@code q = 1 - p}.
     *
     * @param n a multiple of {@link #lanes}
     */
    void sigmoid(float[] x, float[] tail, float[] p, float[] q, int n);

    /**
     * Sigmoid cross-entropy and its derivative by the logit in one go: with tail, p and q as of {@link #sigmoid},
     * {@code value = y max(-x, 0) + (1 - y) max(x, 0) + tail} and {@code derivative = (1 - y) p - y q}, where nothing
     * cancels if the prediction is right. n is a multiple of {@link #lanes}.
     */
    void sigmoidCrossEntropy(float[] x, float[] y, float[] value, float[] derivative, int n);

    /** {@code out[i] = exp(x[i])}, for x at most 88; n is a multiple of {@link #lanes}. Works in place. */
    void exp(float[] x, float[] out, int n);

    /**
     * {@code e[i] = exp(x[i])} and {@code less[i] = exp(x[i]) - 1} without cancellation, for x at most 88; n is a multiple
     * of {@link #lanes}. Works in place.
     */
    void expAndOneLess(float[] x, float[] e, float[] less, int n);

    /**
     * {@code out[i] = log(x[i])} for finite x from 0, whose logarithm is -infinity; n is a multiple of {@link #lanes}.
     * Works in place.
     */
    void log(float[] x, float[] out, int n);

    /**
     * {@code out[i] = log(1 + x[i])} for finite x from -1, where it is -infinity; n is a multiple of {@link #lanes}. Works
     * in place.
     */
    void logOnePlus(float[] x, float[] out, int n);

    /**
     * Cross-entropy of rows with one target each: with o the sum of the exponentials of all other classes and e that of
     * the target, {@code loss = weight log(1 + o / e)}, {@code factor = scale weight / (o + e)}, by which an exponential
     * becomes a gradient, and {@code atTarget = -factor o}.
     *
     * @param n a multiple of {@link #lanes}
     * @return whether every o / e is within {@link #MOST_RATIO} and every o + e finite and at least {@link #LEAST_TOTAL};
     *     rows where they are not hold nothing
     */
    boolean crossEntropyOfRows(
            float[] others,
            float[] target,
            float[] weight,
            float scale,
            float[] loss,
            float[] factor,
            float[] atTarget,
            int n);

    /**
     * Of rows of two elements: {@code target[r] = e[2 r + hot[r]]}, and the other one to others.
     *
     * @param hot 0 or 1; others count as 0
     * @param rows a multiple of {@link #lanes}
     */
    void splitPairs(float[] e, int[] hot, float[] target, float[] others, int rows);

    /** {@code out[2 r + hot[r]] = atTarget[r]}, and the other element of the row its opposite, see {@link #splitPairs}. */
    void joinPairs(float[] atTarget, int[] hot, float[] out, int rows);

    /**
     * Multiplies values and derivatives by their weights; a weight of 0 wins over whatever stands there, even NaN. n is a
     * multiple of {@link #lanes}.
     */
    void weigh(float[] weights, float[] value, float[] derivative, int n);

    /** The sum of the first n elements in double. */
    double sum(float[] x, int n);

    /** Widens n bits of IEEE halves. */
    void fromHalf(short[] bits, float[] to, int n);

    /** Rounds to n IEEE halves, ties to even; too large becomes infinite. */
    void toHalf(float[] from, short[] bits, int n);

    /** Widens n bits of bfloat16. */
    void fromBfloat(short[] bits, float[] to, int n);

    /** Rounds to n bfloat16, ties to even. */
    void toBfloat(float[] from, short[] bits, int n);

    /** Whether there are {@link #directLosses} and {@link #directRows}. */
    default boolean reachesMemory() {
        return false;
    }

    /**
     * Losses from memory to memory, for one worker.
     *
     * @param scratch of {@link DirectLosses#MOST} elements, for this worker alone
     * @throws UnsupportedOperationException if there are none
     */
    default DirectLosses directLosses(float[] scratch) {
        throw new UnsupportedOperationException(description() + " has no direct losses");
    }

    /**
     * Softmax rows from and to memory, for one worker.
     *
     * @throws UnsupportedOperationException if there are none
     */
    default DirectRows directRows() {
        throw new UnsupportedOperationException(description() + " has no direct rows");
    }
}
