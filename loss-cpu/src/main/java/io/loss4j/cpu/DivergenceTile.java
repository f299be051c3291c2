package io.loss4j.cpu;

import org.jspecify.annotations.Nullable;

/**
 * Losses by the logarithm of the ratio of two positive numbers: log(larger / smaller) = log(1 + (larger - smaller) /
 * smaller) keeps its digits where the two are close, and needs one logarithm.
 */
final class DivergenceTile {
    /** Smaller numbers would make the ratio overflow. */
    static final float LEAST = 1e-37f;

    /** Below the logarithm of any float: stands for that of 0, which is multiplied by 0. */
    private static final float LOG_OF_NOTHING = -104;

    private final Primitives primitives;
    private final float[] near;
    private final float[] far;

    DivergenceTile(Primitives primitives, int capacity) {
        this.primitives = primitives;
        Scratch scratch = Scratch.ofThisThread();
        this.near = scratch.floats(capacity);
        this.far = scratch.floats(capacity);
    }

    /** (log(1 + x) - log(1 + y))^2, where x and y count as some number at least. */
    void squaredLogarithmic(float least, float[] x, float[] y, float[] value, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            float smaller = Math.max(least, Math.min(x[i], y[i]));
            far[i] = (Math.max(least, Math.max(x[i], y[i])) - smaller) / (1 + smaller);
        }
        primitives.logOnePlus(far, far, n);
        for (int i = 0; i < n; i++) {
            value[i] = far[i] * far[i];
            to[i] = 2 * far[i] / (1 + Math.max(least, x[i])) * RegressionTile.sign(x[i] - Math.max(least, y[i]));
        }
        for (int i = 0; i < n; i++) {
            to[i] *= 1 - RegressionTile.sign(Math.max(0, least - x[i]));
        }
    }

    /** y (log y - x). */
    void ofLogs(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        primitives.log(y, far, n);
        for (int i = 0; i < n; i++) {
            value[i] = y[i] * (Math.max(far[i], LOG_OF_NOTHING) - x[i]);
            derivative[i] = -y[i];
        }
    }

    /** e^y (y - x). */
    void ofLogsAndLogs(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        primitives.exp(y, far, n);
        for (int i = 0; i < n; i++) {
            value[i] = far[i] * (y[i] - x[i]);
            derivative[i] = -far[i];
        }
    }

    /** e^y (y - log x). */
    void ofProbabilitiesAndLogs(
            float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        primitives.exp(y, far, n);
        primitives.log(x, near, n);
        for (int i = 0; i < n; i++) {
            value[i] = far[i] * (y[i] - near[i]);
            derivative[i] = -far[i] / x[i];
        }
    }

    /** y log(y / x). */
    void kullbackLeibler(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            float smaller = Math.min(x[i], y[i]);
            far[i] = (Math.max(x[i], y[i]) - smaller) / Math.max(smaller, LEAST);
        }
        primitives.logOnePlus(far, far, n);
        for (int i = 0; i < n; i++) {
            value[i] = y[i] * far[i] * RegressionTile.sign(y[i] - x[i]);
        }
        for (int i = 0; i < n; i++) {
            to[i] = -y[i] / x[i];
        }
    }

    /**
     * With m the mean of x and y: (x log(x / m) + y log(y / m)) / 2 and log(x / m) / 2. Both logarithms are of the kind
     * above; where they cancel, a series takes over.
     */
    void jensenShannon(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float smaller = Math.min(x[i], y[i]);
            far[i] = 0.5f * (Math.max(x[i], y[i]) - smaller) / Math.max(smaller, LEAST);
        }
        for (int i = 0; i < n; i++) {
            float larger = Math.max(x[i], y[i]);
            near[i] = (larger - Math.min(x[i], y[i])) / (x[i] + y[i]);
        }
        series(x, y, near, derivative, n);
        primitives.logOnePlus(far, far, n); // log(m / smaller)
        primitives.logOnePlus(near, near, n); // log(larger / m)
        for (int i = 0; i < n; i++) {
            value[i] = 0.5f * (Math.max(x[i], y[i]) * near[i] - Math.min(x[i], y[i]) * far[i]);
        }
        select(near, derivative, value, n);
        slope(x, y, near, far, derivative, n);
    }

    /** (x + y) / 4 ((1 + r) log(1 + r) + (1 - r) log(1 - r)), to the tenth power of r. */
    private static void series(float[] x, float[] y, float[] r, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            float s = r[i] * r[i];
            float sum = s * (1 + s * (1f / 6 + s * (1f / 15 + s * (1f / 28 + s * (1f / 45)))));
            to[i] = 0.25f * (x[i] + y[i]) * sum;
        }
    }

    /** Replaces the value by the series where log(1 + r) is below 0.2. */
    private static void select(float[] log, float[] series, float[] value, int n) {
        for (int i = 0; i < n; i++) {
            float large = RegressionTile.sign(Math.max(0, log[i] - 0.2f));
            value[i] = large * value[i] + (1 - large) * series[i];
        }
    }

    private static void slope(float[] x, float[] y, float[] near, float[] far, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            float larger = RegressionTile.sign(Math.max(0, x[i] - y[i]));
            to[i] = 0.5f * (larger * near[i] - (1 - larger) * far[i]);
        }
    }
}
