package io.loss4j.loss;

import java.util.Map;

/**
 * One minus a bell curve of the error, in units of a scale: errors beyond a few scales cost 1 and pull no more.
 *
 * <pre>
 *   value = 1 - exp(-u^2 / 2)       d/dx = u exp(-u^2 / 2) / scale       u = (x - y) / scale
 * </pre>
 *
 * <p>x and y are any numbers. Near 0 the value is u^2 / 2, and keeps its digits there; far away it is 1. The derivative is
 * largest at |u| = 1 and, beyond |u| = 38, 0 to the last digit: the loss is not convex, so start near the solution.
 *
 * <p>Use it where outliers should have no influence at all, with a scale that is lowered during training.
 *
 * <p>Elsewhere: Kornia's welsch_loss, which is this with scale 1; also known as Leclerc's loss and as correntropy. PyTorch,
 * Keras, optax and Deeplearning4j do not have it.
 *
 * <p>Example: x = 3, y = 1, scale = 1: 1 - e^-2 = 0.864665.
 *
 * <p>Source: Dennis and Welsch, Techniques for Nonlinear Least Squares and Robust Regression, 1978.
 *
 * @param scale the error at which outliers begin, in units of the label, above 0; default 1
 */
public record Welsch(double scale) implements ElementwiseLoss {
    private static final String ID = "welsch";

    /** As registered: {@code welsch}. */
    public static final LossType<Welsch> TYPE = LossType.of(Welsch.class, ID, Map.of("scale", 1.0));

    /** Checks the range of scale. */
    public Welsch {
        Check.above(0, ID, "scale", scale);
    }

    /** With scale = 1. */
    public Welsch() {
        this(1);
    }

    @Override
    public double value(double x, double y) {
        double u = (x - y) / scale;
        return -Math.expm1(-0.5 * u * u);
    }

    @Override
    public double derivative(double x, double y) {
        double u = (x - y) / scale;
        return u * Math.exp(-0.5 * u * u) / scale;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
