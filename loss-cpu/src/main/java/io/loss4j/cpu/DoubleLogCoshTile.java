package io.loss4j.cpu;

/**
 * log cosh and tanh in double. With w = cosh d - 1 for |d| up to 1, by its series, and w = e^-2|d| beyond,
 *
 * <pre>
 *   log cosh d = log(1 + w)                  tanh d = sinh d / (1 + w)            |d| &lt;= 1
 *              = |d| - log 2 + log(1 + w)           = (1 - w) / (1 + w), signed   elsewhere
 * </pre>
 *
 * so that no difference loses digits of a small d.
 */
final class DoubleLogCoshTile implements DoubleTile {
    /** Its square blows up the smallest difference from 1 beyond 1. */
    private static final double BLOW_UP = 0x1p600;

    private static final double LOG_2 = Math.log(2);

    // 1 / n!, up to where a term of the series at 1 no longer counts.
    private static final double F3 = 1.0 / 6;
    private static final double F4 = F3 / 4;
    private static final double F5 = 1.0 / 120;
    private static final double F6 = 1.0 / 720;
    private static final double F7 = 1.0 / 5040;
    private static final double F8 = 1.0 / 40320;
    private static final double F9 = 1.0 / 362880;
    private static final double F10 = 1.0 / 3628800;
    private static final double F11 = 1.0 / 39916800;
    private static final double F12 = 1.0 / 479001600;
    private static final double F13 = 1.0 / 6227020800L;
    private static final double F14 = 1.0 / 87178291200L;
    private static final double F15 = 1.0 / 1307674368000L;
    private static final double F16 = 1.0 / 20922789888000L;
    private static final double F17 = 1.0 / 355687428096000L;
    private static final double F18 = 1.0 / 6402373705728000L;

    private final DoublePrimitives primitives;
    /** e^-2|d|, then w. */
    private final double[] w;
    /** 1 + w. */
    private final double[] u;
    /** 1 where |d| is beyond 1, else 0. */
    private final double[] far;

    DoubleLogCoshTile(DoublePrimitives primitives, int capacity) {
        this.primitives = primitives;
        Scratch scratch = Scratch.ofThisThread();
        w = scratch.doubles(capacity);
        u = scratch.doubles(capacity);
        far = scratch.doubles(capacity);
    }

    @Override
    public void apply(double[] x, double[] y, double[] value, double[] derivative, int n) {
        minusTwice(x, y, w, n);
        primitives.exp(w, w, n);
        far(x, y, far, n);
        cosh(x, y, far, w, n);
        primitives.logOnePlus(w, u, value, n);
        add(x, y, far, value, n);
        sinh(x, y, far, w, derivative, n);
        for (int i = 0; i < n; i++) {
            derivative[i] /= u[i];
        }
    }

    // Each loop is small: C2 on JDK 17 stops vectorising loops over many arrays.

    private static void minusTwice(double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = -2 * Math.abs(x[i] - y[i]);
        }
    }

    private static void far(double[] x, double[] y, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = Math.max(0, Math.min(1, (Math.abs(x[i] - y[i]) - 1) * BLOW_UP * BLOW_UP));
        }
    }

    private static void cosh(double[] x, double[] y, double[] far, double[] w, int n) {
        for (int i = 0; i < n; i++) {
            double d = Math.max(-1, Math.min(1, x[i] - y[i]));
            double t = d * d;
            double p = F12 + t * (F14 + t * (F16 + t * F18));
            p = 0.5 + t * (F4 + t * (F6 + t * (F8 + t * (F10 + t * p))));
            w[i] = far[i] * w[i] + (1 - far[i]) * (t * p);
        }
    }

    private static void add(double[] x, double[] y, double[] far, double[] value, int n) {
        for (int i = 0; i < n; i++) {
            value[i] += far[i] * (Math.abs(x[i] - y[i]) - LOG_2);
        }
    }

    private static void sinh(double[] x, double[] y, double[] far, double[] w, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            double d = Math.max(-1, Math.min(1, x[i] - y[i]));
            double t = d * d;
            double p = F11 + t * (F13 + t * (F15 + t * F17));
            p = t * (F3 + t * (F5 + t * (F7 + t * (F9 + t * p))));
            to[i] = far[i] * d * (1 - w[i]) + (1 - far[i]) * (d + d * p);
        }
    }
}
