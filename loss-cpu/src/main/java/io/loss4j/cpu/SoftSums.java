package io.loss4j.cpu;

import java.util.Arrays;

/**
 * {@link Primitives#softSums} for rows of which the logits lie at equal distance, with the same bits.
 *
 * <p>Public only because the SIMD form of the primitives lives in a package of its own.
 */
public final class SoftSums {
    private SoftSums() {}

    static void add(
            int lanes, float[] x, int xAt, int step, float[] t, int tAt, int n, float[] partial, double[] sums) {
        Arrays.fill(sums, 0, 3, 0);
        for (int block = 0; block < n; block += Primitives.BLOCK) {
            Arrays.fill(partial, 0);
            int end = Math.min(n, block + Primitives.BLOCK);
            for (int k = block; k < end; k++) {
                int lane = k % lanes;
                float logit = x[xAt + k * step];
                float target = t[tAt + k];
                partial[lane] += target;
                partial[lanes + lane] = Math.fma(target, logit, partial[lanes + lane]);
                partial[2 * lanes + lane] += logit;
            }
            flush(lanes, partial, sums);
        }
    }

    /** Adds partial sums to those in double. */
    public static void flush(int lanes, float[] partial, double[] sums) {
        for (int i = 0; i < 3; i++) {
            double a = 0;
            double b = 0;
            for (int lane = i * lanes; lane < (i + 1) * lanes; lane += 2) {
                a += partial[lane];
                b += partial[lane + 1];
            }
            sums[i] += a + b;
        }
    }
}
