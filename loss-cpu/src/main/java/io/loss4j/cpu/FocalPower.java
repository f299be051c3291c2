package io.loss4j.cpu;

/** (1 - p)^gamma, the factor of focal losses, for arrays. */
final class FocalPower {
    /** Keeps 0 / 0 away; next to any 1 - p that counts it is nothing. */
    private static final float TINY = 1e-37f;

    private FocalPower() {}

    /** out = q^gamma for q from 0 to 1, 0 at q = 0 unless gamma is 0. */
    static void of(float[] q, float gamma, float[] out, int n, Primitives primitives) {
        primitives.log(q, out, n);
        for (int i = 0; i < n; i++) {
            out[i] *= gamma;
        }
        primitives.exp(out, out, n);
    }

    /** The derivative of -(1 - p)^gamma log p by log p, given the power. */
    static float slope(float power, float gamma, float p, float q, float log) {
        return power * (gamma * p * (log / (q + TINY)) - 1);
    }
}
