package io.loss4j.cpu;

import io.loss4j.loss.SigmoidFocal;

/** Sigmoid focal loss from logits in double, for hard and soft labels alike: its formula, with u = 1 - p_t, in loops. */
final class DoubleFocalTile extends DoubleSigmoidTile {
    private final double gamma;
    /** The weight of the label 0, and by how much that of the label 1 is larger. */
    private final double alphaOfZero;

    private final double alphaMore;
    private final double[] power;

    DoubleFocalTile(SigmoidFocal loss, DoublePrimitives primitives, int capacity) {
        super(loss, primitives, capacity);
        Double alpha = loss.alpha();
        gamma = loss.gamma();
        alphaOfZero = alpha == null ? 1 : 1 - alpha;
        alphaMore = alpha == null ? 0 : alpha - alphaOfZero;
        power = Scratch.ofThisThread().doubles(capacity);
    }

    @Override
    void finish(double[] y, double[] value, double[] derivative, int n) {
        double[] u = scratch;
        wrong(y, p, q, u, n);
        power(u, n);
        focus(gamma, y, p, q, u, value, derivative, n);
        alpha(alphaOfZero, alphaMore, y, power, n);
        for (int i = 0; i < n; i++) {
            value[i] *= power[i];
        }
        for (int i = 0; i < n; i++) {
            derivative[i] *= power[i];
        }
    }

    private static void wrong(double[] y, double[] p, double[] q, double[] u, int n) {
        for (int i = 0; i < n; i++) {
            u[i] = y[i] * q[i] + (1 - y[i]) * p[i];
        }
    }

    /** u^gamma. */
    private void power(double[] u, int n) {
        if (gamma == 2) {
            for (int i = 0; i < n; i++) {
                power[i] = u[i] * u[i];
            }
            return;
        }
        primitives.log(u, power, n);
        for (int i = 0; i < n; i++) {
            power[i] *= gamma;
        }
        primitives.exp(power, power, n);
    }

    /** Adds gamma (u'/u) CE. */
    private static void focus(
            double gamma, double[] y, double[] p, double[] q, double[] u, double[] value, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] += gamma * (1 - 2 * y[i]) * (p[i] * q[i] / u[i]) * value[i];
        }
    }

    private static void alpha(double ofZero, double more, double[] y, double[] factor, int n) {
        for (int i = 0; i < n; i++) {
            factor[i] *= ofZero + y[i] * more;
        }
    }
}
