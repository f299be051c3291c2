package io.loss4j.cpu;

import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.Huber;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SmoothL1;
import org.jspecify.annotations.Nullable;

/**
 * Regression losses in double as plain loops without branches, which the JIT vectorises by itself. They have the bits of
 * their formulas, infinities and NaN included, and the numbers of each are written in a loop of their own.
 *
 * @param values writes values, or nothing
 * @param derivatives writes derivatives, or nothing
 */
record DoubleRegressionTile(Loop values, Loop derivatives) implements DoubleTile {
    private static final Loop NONE = (x, y, to, n) -> {};

    /** Its square blows up the smallest subnormal beyond 1. */
    private static final double BLOW_UP = 0x1p600;

    /** Overwrites n numbers. */
    interface Loop {
        void apply(double[] x, double[] y, double[] to, int n);
    }

    /** The function of a loss, or null if it is none of these. */
    static @Nullable DoubleRegressionTile of(ElementwiseLoss loss) {
        if (loss instanceof MeanSquaredError) {
            return new DoubleRegressionTile(DoubleRegressionTile::square, DoubleRegressionTile::twice);
        } else if (loss instanceof MeanAbsoluteError || loss instanceof SmoothL1 smooth && smooth.beta() == 0) {
            return new DoubleRegressionTile(DoubleRegressionTile::absolute, DoubleRegressionTile::sign);
        } else if (loss instanceof Huber huber) {
            double delta = huber.delta();
            return new DoubleRegressionTile(
                    (x, y, to, n) -> huber(delta, x, y, to, n), (x, y, to, n) -> limited(delta, x, y, to, n));
        } else if (loss instanceof SmoothL1 smooth) {
            double beta = smooth.beta();
            return new DoubleRegressionTile(
                    (x, y, to, n) -> smoothL1(beta, x, y, to, n), (x, y, to, n) -> slope(beta, x, y, to, n));
        }
        return null;
    }

    @Override
    public DoubleTile only(boolean wantsValues, boolean wantsDerivatives) {
        return new DoubleRegressionTile(wantsValues ? values : NONE, wantsDerivatives ? derivatives : NONE);
    }

    @Override
    public void apply(double[] x, double[] y, double[] value, double[] derivative, int n) {
        values.apply(x, y, value, n);
        derivatives.apply(x, y, derivative, n);
    }

    private static void square(double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            double d = x[i] - y[i];
            to[i] = d * d;
        }
    }

    private static void twice(double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = 2 * (x[i] - y[i]);
        }
    }

    private static void absolute(double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.abs(x[i] - y[i]);
        }
    }

    private static void sign(double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.max(-1, Math.min(1, (x[i] - y[i]) * BLOW_UP * BLOW_UP));
        }
    }

    /** With m the smaller of |d| and delta, both branches are m (|d| - m / 2). */
    private static void huber(double delta, double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            double d = Math.abs(x[i] - y[i]);
            double m = Math.min(d, delta);
            to[i] = m * (d - 0.5 * m);
        }
    }

    private static void limited(double delta, double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.max(-delta, Math.min(delta, x[i] - y[i]));
        }
    }

    /** As of Huber's loss: the division by beta leaves 1 of the m that is beta. */
    private static void smoothL1(double beta, double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            double d = Math.abs(x[i] - y[i]);
            double m = Math.min(d, beta);
            to[i] = m / beta * (d - 0.5 * m);
        }
    }

    private static void slope(double beta, double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.max(-1, Math.min(1, (x[i] - y[i]) / beta));
        }
    }
}
