package io.loss4j.cpu;

import org.jspecify.annotations.Nullable;

/** Robust regression losses with an exponential or a logarithm. */
final class RobustTile {
    private final Primitives primitives;
    private final float[] e;
    private final float[] less;

    RobustTile(Primitives primitives, int capacity) {
        this.primitives = primitives;
        Scratch scratch = Scratch.ofThisThread();
        this.e = scratch.floats(capacity);
        this.less = scratch.floats(capacity);
    }

    /**
     * With a = |x - y| and m = e^a - 1: cosh a = 1 + m^2 / (2 e^a) and tanh a = m (2 + m) / (1 + e^2a), where nothing
     * cancels. From a = 20 on, what is missing to log cosh a is a - 20.
     */
    void logCosh(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = Math.min(Math.abs(x[i] - y[i]), 20);
        }
        primitives.expAndOneLess(e, e, less, n);
        hyperbolic(e, less, value, derivative, n);
        primitives.logOnePlus(value, value, n);
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            value[i] += Math.max(Math.abs(d) - 20, 0);
            derivative[i] *= RegressionTile.sign(d);
        }
    }

    /** cosh a - 1 and tanh a. */
    private static void hyperbolic(float[] e, float[] less, float[] cosh, float[] tanh, int n) {
        for (int i = 0; i < n; i++) {
            cosh[i] = less[i] * (less[i] / (2 * e[i]));
            tanh[i] = less[i] * (2 + less[i]) / (1 + e[i] * e[i]);
        }
    }

    void cauchy(float inverseScale, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float u = (x[i] - y[i]) * inverseScale;
            float half = 0.5f * u * u;
            value[i] = half;
            derivative[i] = u / (1 + half) * inverseScale;
        }
        primitives.logOnePlus(value, value, n);
    }

    void welsch(float inverseScale, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float u = (x[i] - y[i]) * inverseScale;
            value[i] = -0.5f * u * u;
            derivative[i] = u * inverseScale;
        }
        primitives.expAndOneLess(value, e, less, n);
        for (int i = 0; i < n; i++) {
            value[i] = -less[i];
            derivative[i] *= e[i];
        }
    }
}
