package io.loss4j.cpu;

import io.loss4j.loss.ElementwiseLoss;

/**
 * Sigmoid cross-entropy from logits in double, and what other losses of a logit need for it. Elements that become NaN on
 * the way, as 0 times an infinite logit does, go by the formula.
 */
class DoubleSigmoidTile implements DoubleTile {
    /** Its square blows up the smallest subnormal beyond 1. */
    private static final double BLOW_UP = 0x1p600;

    private final ElementwiseLoss loss;
    final DoublePrimitives primitives;
    /** 1 + e^-|x|, then free. */
    final double[] scratch;
    /** log(1 + e^-|x|), which softplus(x) and softplus(-x) have in common. */
    private final double[] tail;
    /** sigmoid(x) and sigmoid(-x). */
    final double[] p;

    final double[] q;

    DoubleSigmoidTile(ElementwiseLoss loss, DoublePrimitives primitives, int capacity) {
        this.loss = loss;
        this.primitives = primitives;
        Scratch lent = Scratch.ofThisThread();
        scratch = lent.doubles(capacity);
        tail = lent.doubles(capacity);
        p = lent.doubles(capacity);
        q = lent.doubles(capacity);
    }

    @Override
    public void apply(double[] x, double[] y, double[] value, double[] derivative, int n) {
        sigmoid(x, n);
        crossEntropy(x, y, tail, value, n);
        slope(y, p, q, derivative, n);
        finish(y, value, derivative, n);
        if (Double.isNaN(primitives.sum(value, 0, n) + primitives.sum(derivative, 0, n))) {
            for (int i = 0; i < n; i++) {
                if (Double.isNaN(value[i] + derivative[i])) {
                    value[i] = loss.value(x[i], y[i]);
                    derivative[i] = loss.derivative(x[i], y[i]);
                }
            }
        }
    }

    /** Makes another loss of the value and derivative of cross-entropy. */
    void finish(double[] y, double[] value, double[] derivative, int n) {}

    private void sigmoid(double[] x, int n) {
        minusAbsolute(x, q, n);
        primitives.exp(q, q, n);
        primitives.logOnePlus(q, scratch, tail, n);
        divide(x, scratch, p, q, n);
    }

    // Each loop is small: C2 on JDK 17 stops vectorising loops over many arrays.

    private static void minusAbsolute(double[] x, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = -Math.abs(x[i]);
        }
    }

    /** From e^-|x| in q. */
    private static void divide(double[] x, double[] u, double[] p, double[] q, int n) {
        for (int i = 0; i < n; i++) {
            double large = 1 / u[i];
            double small = q[i] * large;
            // 1 for positive logits, 0 for others, without a branch.
            double right = Math.max(0, Math.min(1, x[i] * BLOW_UP * BLOW_UP));
            p[i] = right * large + (1 - right) * small;
            q[i] = right * small + (1 - right) * large;
        }
    }

    private static void crossEntropy(double[] x, double[] y, double[] tail, double[] value, int n) {
        for (int i = 0; i < n; i++) {
            value[i] = y[i] * (Math.max(-x[i], 0) + tail[i]) + (1 - y[i]) * (Math.max(x[i], 0) + tail[i]);
        }
    }

    private static void slope(double[] y, double[] p, double[] q, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = (1 - y[i]) * p[i] - y[i] * q[i];
        }
    }
}
