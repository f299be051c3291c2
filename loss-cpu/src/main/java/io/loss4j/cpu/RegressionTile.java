package io.loss4j.cpu;

import org.jspecify.annotations.Nullable;

/** Regression losses as plain loops without branches, which the JIT vectorises by itself. */
final class RegressionTile {
    private RegressionTile() {}

    /** The sign without a branch: even the smallest subnormal is blown up beyond 1, and 0 and NaN stay. */
    static float sign(float d) {
        return Math.max(-1, Math.min(1, d * 0x1p126f * 0x1p126f));
    }

    static void squared(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            value[i] = d * d;
            derivative[i] = 2 * d;
        }
    }

    static void absolute(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            value[i] = Math.abs(d);
            derivative[i] = sign(d);
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

    static void smoothL1(float beta, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            float a = Math.abs(d);
            float inside = Math.min(a, beta);
            value[i] = inside / beta * (a - 0.5f * inside);
            derivative[i] = Math.max(-1, Math.min(1, d / beta));
        }
    }

    /**
     * The quantile loss.
     *
     * @param under the quantile, the slope of predictions that are too low
     * @param over 1 - the quantile, the slope of those that are too high
     */
    static void quantile(float under, float over, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float e = y[i] - x[i];
            float s = sign(e);
            value[i] = Math.max(under * e, -over * e);
            derivative[i] = over * Math.max(-s, 0) - under * Math.max(s, 0);
        }
    }

    /** With a quantile per element. */
    static void quantiles(float[] quantile, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float e = y[i] - x[i];
            value[i] = Math.max(quantile[i] * e, (quantile[i] - 1) * e);
        }
        for (int i = 0; i < n; i++) {
            float s = sign(y[i] - x[i]);
            derivative[i] = (1 - quantile[i]) * Math.max(-s, 0) - quantile[i] * Math.max(s, 0);
        }
    }

    static void epsilonInsensitive(float epsilon, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            float outside = Math.max(0, Math.abs(d) - epsilon);
            value[i] = outside;
            derivative[i] = sign(outside) * sign(d);
        }
    }

    static void percentage(float epsilon, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - y[i];
            float whole = Math.max(Math.abs(y[i]), epsilon);
            value[i] = 100 * (Math.abs(d) / whole);
            derivative[i] = 100 * sign(d) / whole;
        }
    }

    static void charbonnier(float inverseScale, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float u = (x[i] - y[i]) * inverseScale;
            float root = (float) Math.sqrt(1 + u * u);
            value[i] = u * (u / (1 + root));
            derivative[i] = u / root * inverseScale;
        }
    }

    static void gemanMcclure(float inverseScale, float[] x, float[] y, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float u = (x[i] - y[i]) * inverseScale;
            float square = u * u;
            float r = 4 / (square + 4);
            value[i] = 0.5f * square * r;
            derivative[i] = u * r * r * inverseScale;
        }
    }
}
