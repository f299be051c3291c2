package io.loss4j.cpu;

import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.Poly1SigmoidFocal;
import io.loss4j.loss.SigmoidFocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sigmoid focal losses from logits. For labels 0 and 1, with u = 1 - p_t, log u = -softplus(x) or -softplus(-x), so that
 * u^gamma needs no logarithm of its own, and the derivative is
 * {@code alpha_t u^gamma (1 - 2y) (gamma p_t CE + u)}, which stays finite for any gamma.
 */
final class FocalTile implements TileFunction {
    private final Primitives primitives;
    private final float gammaPositive;
    private final float gammaNegative;
    private final float alphaPositive;
    private final float alphaNegative;
    /** Factor of the term u^(gamma + 1), which alpha leaves alone; or 0. */
    private final float poly;

    private final float[] tail;
    private final float[] p;
    private final float[] q;
    private final float[] focus;
    private final float[] right;
    private final float[] wrong;
    private final float[] extra;

    FocalTile(SigmoidFocal loss, Primitives primitives, int capacity) {
        this(loss.alpha(), loss.gamma(), loss.gamma(), 0, primitives, capacity);
    }

    FocalTile(Poly1SigmoidFocal loss, Primitives primitives, int capacity) {
        this(loss.alpha(), loss.gamma(), loss.gamma(), loss.epsilon(), primitives, capacity);
    }

    /** Without a clip. */
    FocalTile(AsymmetricLoss loss, Primitives primitives, int capacity) {
        this(null, loss.gammaPositive(), loss.gammaNegative(), 0, primitives, capacity);
    }

    private FocalTile(
            @Nullable Double alpha,
            double gammaPositive,
            double gammaNegative,
            double poly,
            Primitives primitives,
            int capacity) {
        this.primitives = primitives;
        this.gammaPositive = (float) gammaPositive;
        this.gammaNegative = (float) gammaNegative;
        this.alphaPositive = alpha == null ? 1 : alpha.floatValue();
        this.alphaNegative = alpha == null ? 1 : (float) (1 - alpha);
        this.poly = (float) poly;
        Scratch scratch = Scratch.ofThisThread();
        this.tail = scratch.floats(capacity);
        this.p = scratch.floats(capacity);
        this.q = scratch.floats(capacity);
        this.focus = scratch.floats(capacity);
        this.right = scratch.floats(capacity);
        this.wrong = scratch.floats(capacity);
        this.extra = scratch.floats(poly == 0 ? 0 : capacity);
    }

    @Override
    public void apply(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        primitives.sigmoid(x, tail, p, q, n);
        SigmoidTile.crossEntropy(x, y, tail, value, n);
        wrong(y, p, q, wrong, n);
        right(y, p, q, right, n);
        focus(x, y, n);
        if (poly != 0) {
            extra(poly, focus, wrong, extra, n);
        }
        modulate(y, focus, alphaPositive, alphaNegative - alphaPositive, n);
        derive(y, focus, right, wrong, value, derivative, n);
        multiply(value, focus, n);
        if (poly != 0) {
            addExtra(y, value, derivative, n);
        }
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

    private void derive(float[] y, float[] focus, float[] right, float[] wrong, float[] value, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = focus[i] * (1 - 2 * y[i]);
        }
        for (int i = 0; i < n; i++) {
            to[i] *= (gammaNegative + y[i] * (gammaPositive - gammaNegative)) * right[i] * value[i] + wrong[i];
        }
    }

    private static void extra(float poly, float[] focus, float[] wrong, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = poly * focus[i] * wrong[i];
        }
    }

    /** poly u^(gamma + 1) and its derivative (1 - 2y) (gamma + 1) p_t times as much. */
    private void addExtra(float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            value[i] += extra[i];
        }
        float power = gammaPositive + 1;
        for (int i = 0; i < n; i++) {
            derivative[i] += (1 - 2 * y[i]) * power * right[i] * extra[i];
        }
    }

    static void weigh(float[] y, float[] positive, float[] factor, int n) {
        for (int i = 0; i < n; i++) {
            factor[i] = y[i] * positive[i] + (1 - y[i]);
        }
    }

    static void multiply(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] *= b[i];
        }
    }

    static void multiply(float[] a, float factor, int n) {
        for (int i = 0; i < n; i++) {
            a[i] *= factor;
        }
    }

    /** Sets (1 - p_t)^gamma. */
    private void focus(float[] x, float[] y, int n) {
        float gamma = gammaPositive == gammaNegative ? gammaPositive : Float.NaN;
        if (gamma == 0) {
            Arrays.fill(focus, 0, n, 1);
        } else if (gamma == 1 || gamma == 2) {
            System.arraycopy(wrong, 0, focus, 0, n);
            if (gamma == 2) {
                multiply(focus, focus, n);
            }
        } else {
            logWrong(x, y, tail, focus, n);
            for (int i = 0; i < n; i++) {
                focus[i] *= gammaNegative + y[i] * (gammaPositive - gammaNegative);
            }
            primitives.exp(focus, focus, n);
        }
    }

    private static void logWrong(float[] x, float[] y, float[] tail, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = -(y[i] * Math.max(x[i], 0) + (1 - y[i]) * Math.max(-x[i], 0) + tail[i]);
        }
    }
}
