package io.loss4j.loss;

import java.util.Map;

/**
 * Huber's loss divided by its threshold, so that far errors pull with a force of 1 whatever the threshold is.
 *
 * <pre>
 *   value = d^2 / (2 beta)       where |d| &lt; beta      d = x - y
 *         = |d| - beta / 2       elsewhere
 *   d/dx  = d / beta, limited to [-1, 1]
 * </pre>
 *
 * <p>x and y are any numbers; for large |d| the value grows as |d|. With beta = 0 it is the absolute error, whose
 * derivative at d = 0 is taken to be 0.
 *
 * <p>Use it for regression with a few outliers, box coordinates above all, where the pull of an outlier should stay the
 * same while beta is tuned. {@link Huber} keeps the curvature at 1 instead.
 *
 * <p>Elsewhere: PyTorch's SmoothL1Loss with the same beta; MLX and burn have it too. Keras and optax have Huber only,
 * which is beta times as large. Deeplearning4j has neither.
 *
 * <p>Example: x = 3, y = 1, beta = 0.5: 2 - 0.25 = 1.75.
 *
 * <p>Source: Girshick, Fast R-CNN, 2015; beta as in PyTorch.
 *
 * @param beta where the square ends, at least 0; default 1
 */
public record SmoothL1(double beta) implements ElementwiseLoss {
    private static final String ID = "smooth_l1";

    /** As registered: {@code smooth_l1}. */
    public static final LossType<SmoothL1> TYPE = LossType.of(SmoothL1.class, ID, Map.of("beta", 1.0));

    /** Checks the range of beta. */
    public SmoothL1 {
        Check.atLeast(0, ID, "beta", beta);
    }

    /** With beta = 1. */
    public SmoothL1() {
        this(1);
    }

    @Override
    public double value(double x, double y) {
        double d = Math.abs(x - y);
        return d < beta ? 0.5 * d * (d / beta) : d - 0.5 * beta;
    }

    @Override
    public double derivative(double x, double y) {
        double d = x - y;
        return Math.abs(d) < beta ? d / beta : Math.signum(d);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
