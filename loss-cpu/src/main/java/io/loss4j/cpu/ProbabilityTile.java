package io.loss4j.cpu;

import io.loss4j.loss.SigmoidFocal;
import org.jspecify.annotations.Nullable;

/**
 * Binary cross-entropy of probabilities, and its focal form for labels 0 and 1. Logarithms end at -100, where their slope
 * becomes 0.
 */
final class ProbabilityTile {
    private static final float LOG_FLOOR = -100;

    /** The largest float whose logarithm lies below the floor. */
    private static final float BELOW_FLOOR = 26 * Float.MIN_VALUE;

    private final Primitives primitives;
    /** log p and log(1 - p). */
    private final float[] log;

    private final float[] logOfComplement;
    /** Labels times the weights of the y-term. */
    private final float[] weighted;

    ProbabilityTile(Primitives primitives, int capacity) {
        this.primitives = primitives;
        Scratch scratch = Scratch.ofThisThread();
        this.log = scratch.floats(capacity);
        this.logOfComplement = scratch.floats(capacity);
        this.weighted = scratch.floats(capacity);
    }

    void crossEntropy(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        System.arraycopy(y, 0, weighted, 0, n);
        if (positive != null) {
            for (int i = 0; i < n; i++) {
                weighted[i] *= positive[i];
            }
        }
        logarithms(x, n);
        for (int i = 0; i < n; i++) {
            value[i] = -(weighted[i] * log[i] + (1 - y[i]) * logOfComplement[i]);
        }
        slope(x, weighted, y, derivative, n);
    }

    private void logarithms(float[] x, int n) {
        primitives.log(x, log, n);
        for (int i = 0; i < n; i++) {
            log[i] = Math.max(log[i], LOG_FLOOR);
            logOfComplement[i] = -x[i];
        }
        primitives.logOnePlus(logOfComplement, logOfComplement, n);
        for (int i = 0; i < n; i++) {
            logOfComplement[i] = Math.max(logOfComplement[i], LOG_FLOOR);
        }
    }

    /** (1 - y) / (1 - p) - weighted / p, each 0 at its floor. */
    private static void slope(float[] x, float[] weighted, float[] y, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            float reaches = RegressionTile.sign(Math.max(0, x[i] - BELOW_FLOOR));
            to[i] = -weighted[i] / (x[i] + (1 - reaches)) * reaches;
        }
        for (int i = 0; i < n; i++) {
            float q = 1 - x[i];
            float reaches = RegressionTile.sign(q);
            to[i] += (1 - y[i]) / (q + (1 - reaches)) * reaches;
        }
    }

    /** The focal loss of labels 0 and 1. */
    static TileFunction focal(SigmoidFocal loss, Primitives primitives, int capacity) {
        ProbabilityTile tile = new ProbabilityTile(primitives, capacity);
        float gamma = (float) loss.gamma();
        float alphaPositive = loss.alpha() == null ? 1 : loss.alpha().floatValue();
        float alphaNegative = loss.alpha() == null ? 1 : (float) (1 - loss.alpha());
        return (x, y, positive, value, derivative, n) -> {
            tile.crossEntropy(x, y, positive, value, derivative, n);
            tile.focus(gamma, alphaPositive, alphaNegative, x, y, value, derivative, n);
        };
    }

    /** With u = 1 - p_t: value alpha_t u^gamma CE, derivative alpha_t u^gamma ((1 - 2y) gamma CE / u + CE'). */
    private void focus(
            float gamma,
            float alphaPositive,
            float alphaNegative,
            float[] x,
            float[] y,
            float[] value,
            float[] derivative,
            int n) {
        for (int i = 0; i < n; i++) {
            log[i] = gamma * (y[i] * logOfComplement[i] + (1 - y[i]) * log[i]);
        }
        primitives.exp(log, log, n);
        ratio(gamma, x, y, value, weighted, n);
        for (int i = 0; i < n; i++) {
            log[i] *= y[i] * alphaPositive + (1 - y[i]) * alphaNegative;
            derivative[i] += weighted[i];
        }
        FocalTile.multiply(value, log, n);
        FocalTile.multiply(derivative, log, n);
    }

    /** (1 - 2y) gamma CE / u, 0 where both are. */
    private static void ratio(float gamma, float[] x, float[] y, float[] crossEntropy, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            float u = y[i] * (1 - x[i]) + (1 - y[i]) * x[i];
            to[i] = (1 - 2 * y[i]) * gamma * (crossEntropy[i] / Math.max(u, Float.MIN_VALUE));
        }
    }
}
