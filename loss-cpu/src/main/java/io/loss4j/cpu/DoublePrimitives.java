package io.loss4j.cpu;

/**
 * The array operations that losses in double precision are made of, scalar and SIMD as {@link Primitives} are. Everything
 * else is plain loops, which the JIT vectorises by itself.
 *
 * <p>Public only because the SIMD form lives in a package of its own.
 */
public interface DoublePrimitives {
    /** Arrays that are worked on as a whole are padded to a multiple of it. */
    int lanes();

    /** Room for so many elements and whole vectors. */
    default double[] array(int size) {
        return new double[whole(size)];
    }

    /** So many elements rounded up to whole vectors. */
    default int whole(int size) {
        return (size + lanes() - 1) / lanes() * lanes();
    }

    /** The largest of {@code x[at .. at + n)}, for any n; NaN if one of them is. */
    double max(double[] x, int at, int n);

    /** The sum of {@code x[at .. at + n)}, for any n, in an order that depends on n alone. */
    double sum(double[] x, int at, int n);

    /**
     * {@code out[i] = exp(x[i])} within 1 ulp for every x, subnormal results and NaN included; n is a multiple of {@link
     * #lanes}. Works in place.
     */
    void exp(double[] x, double[] out, int n);

    /**
     * {@code out[i] = log(x[i])} within 1 ulp for x from 0, whose logarithm is -infinity, to infinity, and NaN; n is a
     * multiple of {@link #lanes}. Works in place.
     */
    void log(double[] x, double[] out, int n);

    /**
     * {@code out[i] = log(1 + x[i])} within 2 ulp for finite x from 0, and NaN; n is a multiple of {@link #lanes}.
     *
     * @param u overwritten with 1 + x
     */
    default void logOnePlus(double[] x, double[] u, double[] out, int n) {
        for (int i = 0; i < n; i++) {
            u[i] = 1 + x[i];
        }
        log(u, out, n);
        for (int i = 0; i < n; i++) {
            out[i] += (x[i] - (u[i] - 1)) / u[i]; // what the sum lost, to first order
        }
    }
}
