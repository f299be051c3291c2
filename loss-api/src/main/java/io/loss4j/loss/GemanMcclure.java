package io.loss4j.loss;

import java.util.Map;

/**
 * A squared error, in units of a scale, that levels off at 2: far outliers cost the same and pull no more.
 *
 * <pre>
 *   value = 2 u^2 / (u^2 + 4)       d/dx = 16 u / (scale (u^2 + 4)^2)       u = (x - y) / scale
 * </pre>
 *
 * <p>x and y are any numbers. Near 0 the value is u^2 / 2, far away 2. The derivative is largest at |u| = 1.15 and falls
 * as 16 / |u|^3 beyond: the loss is not convex, so start near the solution.
 *
 * <p>Use it where many labels are gross outliers that should be forgotten, with a scale that is lowered during training.
 *
 * <p>Elsewhere: Kornia's geman_mcclure_loss, which is this with scale 1. PyTorch, Keras, optax and Deeplearning4j do not
 * have it.
 *
 * <p>Example: x = 3, y = 1, scale = 1: 8 / 8 = 1.
 *
 * <p>Source: Geman and McClure, Bayesian Image Analysis, 1985; this form Barron, 2019, with alpha = -2.
 *
 * @param scale the error at which outliers begin, in units of the label, above 0; default 1
 */
public record GemanMcclure(double scale) implements ElementwiseLoss {
    private static final String ID = "geman_mcclure";

    /** As registered: {@code geman_mcclure}. */
    public static final LossType<GemanMcclure> TYPE = LossType.of(GemanMcclure.class, ID, Map.of("scale", 1.0));

    /** Checks the range of scale. */
    public GemanMcclure {
        Check.above(0, ID, "scale", scale);
    }

    /** With scale = 1. */
    public GemanMcclure() {
        this(1);
    }

    @Override
    public double value(double x, double y) {
        double u = (x - y) / scale;
        return 2 / (1 + 4 / (u * u)); // 0 at u = 0, and 2 where the square overflows
    }

    @Override
    public double derivative(double x, double y) {
        double u = (x - y) / scale;
        double r = 4 / (u * u + 4);
        return u * r * r / scale;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
