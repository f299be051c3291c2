package io.loss4j.loss;

import java.util.Map;

/**
 * Squared hinge loss of a yes/no score: as {@link Hinge}, but smooth, and harder on gross mistakes.
 *
 * <pre>
 *   value = v^2       d/dx = -2 t v       v = max(0, 1 - t x),  t = y, or 2 y - 1 with zero_one
 * </pre>
 *
 * <p>x is any number. A score on the right side costs nothing from 1 on, also at infinity; on the wrong side the value
 * grows as x^2. The derivative is continuous.
 *
 * <p>Use it as {@link Hinge}, where mislabelled examples are rare; one far on the wrong side dominates the sum.
 *
 * <p>Elsewhere: Keras's SquaredHinge, which takes labels for 0 and 1 when all of a batch are; Deeplearning4j's
 * SQUARED_HINGE, with -1 and 1.
 *
 * <p>Example: x = 0.3, y = -1: 1.3^2 = 1.69.
 *
 * <p>Source: Lee and Mangasarian, SSVM: A Smooth Support Vector Machine for Classification, 2001.
 *
 * @param labels signed (-1 and 1) or zero_one (0 and 1); default signed
 */
public record SquaredHinge(MarginLabels labels) implements ElementwiseLoss {
    /** As registered: {@code squared_hinge}. */
    public static final LossType<SquaredHinge> TYPE =
            LossType.of(SquaredHinge.class, "squared_hinge", Map.of("labels", MarginLabels.SIGNED));

    /** With labels of -1 and 1. */
    public SquaredHinge() {
        this(MarginLabels.SIGNED);
    }

    @Override
    public double value(double x, double y) {
        double violation = Math.max(0, 1 - labels.sign(y) * x);
        return violation * violation;
    }

    @Override
    public double derivative(double x, double y) {
        double t = labels.sign(y);
        return -2 * t * Math.max(0, 1 - t * x);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
