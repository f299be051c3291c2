package io.loss4j.cpu;

import io.loss4j.loss.SigmoidFocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sigmoid focal loss from logits. For labels 0 and 1, with u = 1 - p_t, log u = -softplus(x) or -softplus(-x), so that
 * u^gamma needs no logarithm of its own, and the derivative is
 * {@code alpha_t u^gamma (1 - 2y) (gamma p_t CE + u)}, which stays finite for any gamma. Tiles with soft labels go by
 * the formula.
 */
final class FocalTile implements TileFunction {
    private final SigmoidFocal loss;
    private final Primitives primitives;
    private final float gamma;
    private final float alphaPositive;
    private final float alphaNegative;
    private final float[] tail;
    private final float[] p;
    private final float[] q;
    private final float[] focus;
    private final float[] right;
    private final float[] wrong;

    FocalTile(SigmoidFocal loss, Primitives primitives, int capacity) {
        this.loss = loss;
        this.primitives = primitives;
        this.gamma = (float) loss.gamma();
        this.tail = new float[capacity];
        this.p = new float[capacity];
        this.q = new float[capacity];
        this.focus = new float[capacity];
        this.right = new float[capacity];
        this.wrong = new float[capacity];
        Double alpha = loss.alpha();
        this.alphaPositive = alpha == null ? 1 : alpha.floatValue();
        this.alphaNegative = alpha == null ? 1 : (float) (1 - alpha);
    }

    @Override
    public void apply(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        if (!primitives.onlyZerosAndOnes(y, n)) {
            byFormula(x, y, positive, value, derivative, n);
            return;
        }
        primitives.sigmoid(x, tail, p, q, n);
        SigmoidTile.crossEntropy(x, y, tail, value, n);
        if (SigmoidTile.meetsInfinity(primitives, value, n)) {
            byFormula(x, y, positive, value, derivative, n);
            return;
        }
        wrong(y, p, q, wrong, n);
        right(y, p, q, right, n);
        focus(x, y, n);
        modulate(y, focus, alphaPositive, alphaNegative - alphaPositive, n);
        derive(y, focus, gamma, right, wrong, value, derivative, n);
        multiply(value, focus, n);
        if (positive != null) {
            // With a weight w on the y-term, an element of label 1 is multiplied as a whole.
            weigh(y, positive, focus, n);
            multiply(value, focus, n);
            multiply(derivative, focus, n);
        }
    }

    // Each loop is small: C2 on JDK 17 stops vectorising loops over many arrays.

    private static void wrong(float[] y, float[] p, float[] q, float[] u, int n) {
        for (int i = 0; i < n; i++) {
            u[i] = y[i] * q[i] + (1 - y[i]) * p[i];
        }
    }

    private static void right(float[] y, float[] p, float[] q, float[] v, int n) {
        for (int i = 0; i < n; i++) {
            v[i] = y[i] * p[i] + (1 - y[i]) * q[i];
        }
    }

    private static void modulate(float[] y, float[] focus, float alpha, float toNegative, int n) {
        for (int i = 0; i < n; i++) {
            focus[i] *= alpha + (1 - y[i]) * toNegative;
        }
    }

    private static void derive(
            float[] y, float[] focus, float gamma, float[] right, float[] wrong, float[] value, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = focus[i] * (1 - 2 * y[i]);
        }
        for (int i = 0; i < n; i++) {
            to[i] *= gamma * right[i] * value[i] + wrong[i];
        }
    }

    private static void weigh(float[] y, float[] positive, float[] factor, int n) {
        for (int i = 0; i < n; i++) {
            factor[i] = y[i] * positive[i] + (1 - y[i]);
        }
    }

    private static void multiply(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] *= b[i];
        }
    }

    /** Sets (1 - p_t)^gamma. */
    private void focus(float[] x, float[] y, int n) {
        if (gamma == 0) {
            Arrays.fill(focus, 0, n, 1);
        } else if (gamma == 1 || gamma == 2) {
            System.arraycopy(wrong, 0, focus, 0, n);
            if (gamma == 2) {
                multiply(focus, focus, n);
            }
        } else {
            logWrong(x, y, tail, gamma, focus, n);
            primitives.exp(focus, focus, n);
        }
    }

    private static void logWrong(float[] x, float[] y, float[] tail, float gamma, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = -gamma * (y[i] * Math.max(x[i], 0) + (1 - y[i]) * Math.max(-x[i], 0) + tail[i]);
        }
    }

    private void byFormula(
            float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            double weight = positive == null ? 1 : positive[i];
            value[i] = (float) loss.value(x[i], y[i], weight);
            derivative[i] = (float) loss.derivative(x[i], y[i], weight);
        }
    }
}
