package io.loss4j.loss;

import java.util.Map;

/**
 * Hinge loss of a yes/no score: the score must be on the side of its label, by 1 at least.
 *
 * <pre>
 *   value = max(0, 1 - t x)       d/dx = -t where t x &lt; 1, else 0       t = y, or 2 y - 1 with zero_one
 * </pre>
 *
 * <p>x is any number. A score on the right side costs nothing from 1 on, also at infinity; on the wrong side the value
 * grows as |x|. At t x = 1 the derivative is taken to be 0.
 *
 * <p>Use it for yes/no outputs where only the decision matters and no probability is needed: a support vector machine on
 * top of a network. Let the network end in a linear output.
 *
 * <p>Elsewhere: Keras's Hinge, which takes labels for 0 and 1 when all of a batch are; optax's hinge_loss and
 * Deeplearning4j's HINGE, with -1 and 1. PyTorch's HingeEmbeddingLoss is a loss of distances and not this one.
 *
 * <p>Example: x = 0.3, y = -1: 1.3.
 *
 * <p>Source: Cortes and Vapnik, Support-Vector Networks, 1995.
 *
 * @param labels signed (-1 and 1) or zero_one (0 and 1); default signed
 */
public record Hinge(MarginLabels labels) implements ElementwiseLoss {
    /** As registered: {@code hinge}. */
    public static final LossType<Hinge> TYPE = LossType.of(Hinge.class, "hinge", Map.of("labels", MarginLabels.SIGNED));

    /** With labels of -1 and 1. */
    public Hinge() {
        this(MarginLabels.SIGNED);
    }

    @Override
    public double value(double x, double y) {
        return Math.max(0, 1 - labels.sign(y) * x);
    }

    @Override
    public double derivative(double x, double y) {
        return -labels.sign(y) * Math.signum(value(x, y));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
