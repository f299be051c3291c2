package io.loss4j.cpu;

import io.loss4j.loss.SigmoidCrossEntropy;
import org.jspecify.annotations.Nullable;

/** Sigmoid cross-entropy from logits: y softplus(-x) + (1 - y) softplus(x), softplus(x) = max(x, 0) + log(1 + e^-|x|). */
final class SigmoidTile implements TileFunction {
    private static final FormulaTile FORMULA = new FormulaTile(new SigmoidCrossEntropy());

    private final Primitives primitives;
    private final float[] tail;
    private final float[] p;
    private final float[] q;

    SigmoidTile(Primitives primitives, int capacity) {
        this.primitives = primitives;
        Scratch scratch = Scratch.ofThisThread();
        this.tail = scratch.floats(capacity);
        this.p = scratch.floats(capacity);
        this.q = scratch.floats(capacity);
    }

    @Override
    public void apply(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        if (positive == null) {
            primitives.sigmoidCrossEntropy(x, y, value, derivative, n);
        } else {
            primitives.sigmoid(x, tail, p, q, n);
            weighted(x, y, positive, tail, p, q, value, derivative, n);
            if (meetsInfinity(primitives, value, n)) {
                FORMULA.apply(x, y, positive, value, derivative, n);
            }
        }
    }

    /** Whether 0 * infinity may have made a NaN. Asking once per tile costs less than a clamp in the loop, 16 % or more. */
    private static boolean meetsInfinity(Primitives primitives, float[] value, int n) {
        return Double.isNaN(primitives.sum(value, n));
    }

    // Each loop is small: C2 on JDK 17 stops vectorising loops over many arrays.

    static void crossEntropy(float[] x, float[] y, float[] tail, float[] value, int n) {
        for (int i = 0; i < n; i++) {
            value[i] = y[i] * Math.max(-x[i], 0) + (1 - y[i]) * Math.max(x[i], 0) + tail[i];
        }
    }

    private static void weighted(
            float[] x,
            float[] y,
            float[] positive,
            float[] tail,
            float[] p,
            float[] q,
            float[] value,
            float[] to,
            int n) {
        for (int i = 0; i < n; i++) {
            float a = y[i] * positive[i];
            float b = 1 - y[i];
            value[i] = a * Math.max(-x[i], 0) + b * Math.max(x[i], 0) + (a + b) * tail[i];
        }
        for (int i = 0; i < n; i++) {
            to[i] = (1 - y[i]) * p[i] - y[i] * positive[i] * q[i];
        }
    }
}
