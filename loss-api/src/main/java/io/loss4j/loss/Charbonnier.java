package io.loss4j.loss;

import java.util.Map;

/**
 * A hyperbola of the error, in units of a scale: a smooth absolute error, with bounded force and curvature everywhere.
 *
 * <pre>
 *   value = sqrt(1 + u^2) - 1       d/dx = u / (scale sqrt(1 + u^2))       u = (x - y) / scale
 * </pre>
 *
 * <p>x and y are any numbers. Near 0 the value is u^2 / 2, and keeps its digits there; far away it is |u| - 1. It is convex.
 *
 * <p>Use it for images and flow, where a sum of absolute errors is wanted without its kink at 0.
 *
 * <p>Elsewhere: Kornia's charbonnier_loss, which is this with scale 1; elsewhere it is known as pseudo-Huber, which is
 * scale^2 times as large. PyTorch, Keras, optax and Deeplearning4j do not have it.
 *
 * <p>Example: x = 3, y = 1, scale = 1: sqrt 5 - 1 = 1.236068.
 *
 * <p>Source: Charbonnier et al., Two Deterministic Half-Quadratic Regularization Algorithms for Computed Imaging, 1994.
 *
 * @param scale the error at which the square turns into a line, in units of the label, above 0; default 1
 */
public record Charbonnier(double scale) implements ElementwiseLoss {
    private static final String ID = "charbonnier";

    /** As registered: {@code charbonnier}. */
    public static final LossType<Charbonnier> TYPE = LossType.of(Charbonnier.class, ID, Map.of("scale", 1.0));

    /** Checks the range of scale. */
    public Charbonnier {
        Check.above(0, ID, "scale", scale);
    }

    /** With scale = 1. */
    public Charbonnier() {
        this(1);
    }

    @Override
    public double value(double x, double y) {
        double u = (x - y) / scale;
        // r - 1 = u^2 / (r + 1) with r^2 = 1 + u^2: no difference that loses digits
        return u * (u / (1 + Math.sqrt(1 + u * u)));
    }

    @Override
    public double derivative(double x, double y) {
        double u = (x - y) / scale;
        return u / Math.sqrt(1 + u * u) / scale;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
