package io.loss4j.cpu;

import io.loss4j.loss.AsymmetricLoss;
import org.jspecify.annotations.Nullable;

/**
 * The asymmetric loss with a clip, for labels 0 and 1: a focal loss whose probability of being wrong is q = 1 - p for
 * label 1 and m = max(0, p - clip) for label 0. Without a clip it is a {@link FocalTile}.
 */
final class AsymmetricTile implements TileFunction {
    /** The least clip that keeps the digits of 1 - m, which is above it. */
    static final double LEAST_CLIP = 0.01;

    /** Below the logarithm of any float: stands for that of 0. */
    private static final float LOG_OF_NOTHING = -104;

    private final Primitives primitives;
    private final float gammaPositive;
    private final float gammaNegative;
    private final float clip;
    private final float[] tail;
    private final float[] p;
    private final float[] q;
    private final float[] wrong;
    private final float[] focus;

    AsymmetricTile(AsymmetricLoss loss, Primitives primitives, int capacity) {
        this.primitives = primitives;
        this.gammaPositive = (float) loss.gammaPositive();
        this.gammaNegative = (float) loss.gammaNegative();
        this.clip = (float) loss.clip();
        Scratch scratch = Scratch.ofThisThread();
        this.tail = scratch.floats(capacity);
        this.p = scratch.floats(capacity);
        this.q = scratch.floats(capacity);
        this.wrong = scratch.floats(capacity);
        this.focus = scratch.floats(capacity);
    }

    @Override
    public void apply(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        primitives.sigmoid(x, tail, p, q, n);
        wrong(n, y);
        crossEntropy(x, y, value, n);
        focus(y, n);
        slope(y, value, derivative, n);
        for (int i = 0; i < n; i++) {
            value[i] *= focus[i];
            derivative[i] *= focus[i];
        }
        if (positive != null) {
            FocalTile.weigh(y, positive, focus, n);
            FocalTile.multiply(value, focus, n);
            FocalTile.multiply(derivative, focus, n);
        }
    }

    private void wrong(int n, float[] y) {
        for (int i = 0; i < n; i++) {
            wrong[i] = y[i] * q[i] + (1 - y[i]) * Math.max(0, p[i] - clip);
        }
    }

    /** softplus(-x) for label 1, -log(1 - m) for label 0. */
    private void crossEntropy(float[] x, float[] y, float[] value, int n) {
        for (int i = 0; i < n; i++) {
            focus[i] = (y[i] - 1) * wrong[i];
        }
        primitives.logOnePlus(focus, focus, n);
        for (int i = 0; i < n; i++) {
            value[i] = y[i] * (Math.max(-x[i], 0) + tail[i]) - focus[i];
        }
    }

    /** The probability of being wrong to the power of gamma of the label. */
    private void focus(float[] y, int n) {
        primitives.log(wrong, focus, n);
        for (int i = 0; i < n; i++) {
            float gamma = gammaNegative + y[i] * (gammaPositive - gammaNegative);
            focus[i] = gamma * Math.max(focus[i], LOG_OF_NOTHING);
        }
        primitives.exp(focus, focus, n);
    }

    /** Per focus: (1 - 2y) (gamma CE p q / wrong + p q / (1 - wrong)), where one of p, q has been cancelled for label 1. */
    private void slope(float[] y, float[] crossEntropy, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            float gamma = gammaNegative + y[i] * (gammaPositive - gammaNegative);
            to[i] = gamma * crossEntropy[i] * p[i];
        }
        for (int i = 0; i < n; i++) {
            to[i] *= y[i] + (1 - y[i]) * q[i] / Math.max(wrong[i], Float.MIN_NORMAL);
        }
        for (int i = 0; i < n; i++) {
            to[i] += q[i] * (y[i] + (1 - y[i]) * p[i] / (q[i] + clip));
        }
        for (int i = 0; i < n; i++) {
            to[i] *= (1 - 2 * y[i]) * RegressionTile.sign(wrong[i]);
        }
    }
}
