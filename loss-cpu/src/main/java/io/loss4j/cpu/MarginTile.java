package io.loss4j.cpu;

import io.loss4j.loss.MarginLabels;
import org.jspecify.annotations.Nullable;

/** Losses of a score and a sign t, which labels give as it is or as 0 and 1. */
final class MarginTile {
    private final float slope;
    private final float offset;
    private final Primitives primitives;
    private final float[] z;
    private final float[] q;

    MarginTile(MarginLabels labels, Primitives primitives, int capacity) {
        this.slope = labels == MarginLabels.SIGNED ? 1 : 2;
        this.offset = labels == MarginLabels.SIGNED ? 0 : -1;
        this.primitives = primitives;
        Scratch scratch = Scratch.ofThisThread();
        this.z = scratch.floats(capacity);
        this.q = scratch.floats(capacity);
    }

    void hinge(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float t = slope * y[i] + offset;
            float violation = Math.max(0, 1 - t * x[i]);
            value[i] = violation;
            derivative[i] = -t * RegressionTile.sign(violation);
        }
    }

    void squaredHinge(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float t = slope * y[i] + offset;
            float violation = Math.max(0, 1 - t * x[i]);
            value[i] = violation * violation;
            derivative[i] = -2 * t * violation;
        }
    }

    void perceptron(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            float t = slope * y[i] + offset;
            float lead = t * x[i];
            value[i] = Math.max(0, -lead);
            derivative[i] = t * (RegressionTile.sign(Math.max(0, lead)) - 1);
        }
    }

    /** softplus(-t x). */
    void soft(float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = (slope * y[i] + offset) * x[i];
        }
        primitives.sigmoid(z, value, derivative, q, n);
        for (int i = 0; i < n; i++) {
            value[i] += Math.max(-z[i], 0);
        }
        for (int i = 0; i < n; i++) {
            derivative[i] = -(slope * y[i] + offset) * q[i];
        }
    }

    /** t x. Whatever the score is, its slope is t, except for NaN. */
    static void wasserstein(
            float[] x, float[] y, float @Nullable [] perColumn, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            value[i] = y[i] * x[i];
            derivative[i] = y[i] + 0 * Math.max(-1, Math.min(1, x[i]));
        }
    }
}
