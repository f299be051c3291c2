package io.loss4j.loss;

import java.util.Map;

/**
 * Logarithm of the hyperbolic cosine of the error: a square near the label that turns smoothly into an absolute error.
 *
 * <pre>
 *   value = log cosh d       d/dx = tanh d       d = x - y
 * </pre>
 *
 * <p>x and y are any numbers. Near 0 the value is d^2 / 2, far away |d| - ln 2; the hyperbolic cosine itself, which
 * overflows at 710, is never formed.
 *
 * <p>Use it where {@link Huber} would do but the second derivative should be continuous, as for boosting and Newton steps.
 *
 * <p>Elsewhere: Keras's LogCosh and optax's log_cosh, the same. PyTorch and Deeplearning4j do not have it.
 *
 * <p>Example: x = 3, y = 1: ln cosh 2 = 1.325003.
 *
 * <p>Source: Green, Bayesian Reconstructions from Emission Tomography Data Using a Modified EM Algorithm, 1990.
 */
public record LogCosh() implements ElementwiseLoss {
    /** As registered: {@code log_cosh}. */
    public static final LossType<LogCosh> TYPE = LossType.of(LogCosh.class, "log_cosh", Map.of());

    private static final double LOG_2 = Math.log(2);

    @Override
    public double value(double x, double y) {
        double d = Math.abs(x - y);
        if (d < 1) {
            // cosh d = 1 + 2 sinh^2(d / 2): the second form keeps the digits of a small d
            double s = Math.sinh(0.5 * d);
            return Math.log1p(2 * s * s);
        }
        // cosh d = e^d (1 + e^-2d) / 2: the second form cannot overflow
        return d - LOG_2 + Math.log1p(Math.exp(-2 * d));
    }

    @Override
    public double derivative(double x, double y) {
        return Math.tanh(x - y);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
