package io.loss4j.cpu;

import org.jspecify.annotations.Nullable;

/** Regression losses as plain loops without branches, which the JIT vectorises by itself. */
final class RegressionTile {
    private RegressionTile() {}

    static void squared(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            value[i] = d * d;
            derivative[i] = 2 * d;
        }
    }

    static void absolute(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            value[i] = Math.abs(d);
            // The sign without a branch: even the smallest subnormal is blown up beyond 1, and 0 stays 0.
            derivative[i] = Math.max(-1, Math.min(1, d * 0x1p126f * 0x1p126f));
        }
    }

    static void huber(float delta, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            float a = Math.abs(d);
            float inside = Math.min(a, delta);
            value[i] = inside * (a - 0.5f * inside);
            derivative[i] = Math.max(-delta, Math.min(delta, d));
        }
    }
}
