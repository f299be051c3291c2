package io.loss4j.loss;

import java.util.Map;

/**
 * Logarithm of one plus half the squared error, in units of a scale: an outlier pulls less the farther it is.
 *
 * <pre>
 *   value = log(1 + u^2 / 2)       d/dx = u / (scale (1 + u^2 / 2))       u = (x - y) / scale
 * </pre>
 *
 * <p>x and y are any numbers. Near 0 the value is u^2 / 2, far away it grows as 2 log|u|. The derivative is largest at
 * |u| = 1.41 and falls as 2 / |x - y| beyond: the loss is not convex, so start near the solution.
 *
 * <p>Use it where a considerable part of the labels is wrong by any amount, as for depth, flow and matched points.
 *
 * <p>Elsewhere: Kornia's cauchy_loss, which is this with scale 1. PyTorch, Keras, optax and Deeplearning4j do not have it.
 *
 * <p>Example: x = 3, y = 1, scale = 1: ln 3 = 1.098612.
 *
 * <p>Source: Barron, A General and Adaptive Robust Loss Function, 2019, with alpha = 0.
 *
 * @param scale the error at which outliers begin, in units of the label, above 0; default 1
 */
public record Cauchy(double scale) implements ElementwiseLoss {
    private static final String ID = "cauchy";

    /** As registered: {@code cauchy}. */
    public static final LossType<Cauchy> TYPE = LossType.of(Cauchy.class, ID, Map.of("scale", 1.0));

    /** Checks the range of scale. */
    public Cauchy {
        Check.above(0, ID, "scale", scale);
    }

    /** With scale = 1. */
    public Cauchy() {
        this(1);
    }

    @Override
    public double value(double x, double y) {
        double u = (x - y) / scale;
        return Math.log1p(0.5 * u * u);
    }

    @Override
    public double derivative(double x, double y) {
        double u = (x - y) / scale;
        return u / (1 + 0.5 * u * u) / scale;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
