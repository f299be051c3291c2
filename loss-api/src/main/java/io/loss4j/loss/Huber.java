package io.loss4j.loss;

import java.util.Map;

/**
 * Squared error near the label, absolute error far from it, so that outliers pull with a bounded force.
 *
 * <pre>
 *   value = d^2 / 2                      where |d| &lt;= delta      d = x - y
 *         = delta (|d| - delta / 2)      elsewhere
 *   d/dx  = d, limited to [-delta, delta]
 * </pre>
 *
 * <p>x and y are any numbers; for large |d| the value grows as delta |d|. The derivative is continuous.
 *
 * <p>Use it for regression with some outliers, with a delta of the size of an ordinary error.
 *
 * <p>Elsewhere: PyTorch's HuberLoss, Keras's Huber and optax's huber_loss, all the same; {@link SmoothL1} is this divided by
 * delta. Deeplearning4j does not have it.
 *
 * <p>Example: x = 3, y = 1, delta = 1: 1.5.
 *
 * <p>Source: Huber, Robust Estimation of a Location Parameter, 1964.
 *
 * @param delta where the square ends, in units of the label, above 0; default 1
 */
public record Huber(double delta) implements ElementwiseLoss {
    private static final String ID = "huber";

    /** As registered: {@code huber}. */
    public static final LossType<Huber> TYPE = LossType.of(Huber.class, ID, Map.of("delta", 1.0));

    /** Checks the range of delta. */
    public Huber {
        Check.above(0, ID, "delta", delta);
    }

    /** With delta = 1. */
    public Huber() {
        this(1);
    }

    @Override
    public double value(double x, double y) {
        double d = Math.abs(x - y);
        return d <= delta ? 0.5 * d * d : delta * (d - 0.5 * delta);
    }

    @Override
    public double derivative(double x, double y) {
        return Math.min(Math.max(x - y, -delta), delta);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
