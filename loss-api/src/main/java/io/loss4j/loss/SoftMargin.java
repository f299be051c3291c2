package io.loss4j.loss;

import java.util.Map;

/**
 * Logistic loss of a yes/no score and a signed label: a hinge without a corner, that never quite stops pulling.
 *
 * <pre>
 *   value = log(1 + e^(-t x))       d/dx = -t sigmoid(-t x)       t = y, or 2 y - 1 with zero_one
 * </pre>
 *
 * <p>x is any number. For t = -1 and 1 this is {@link SigmoidCrossEntropy}, with the same value and gradient. It falls to 0
 * on the right side, also at infinity, and grows as |x| on the wrong one; nothing overflows. With zero_one a label of 0.5
 * costs ln 2 and pulls nowhere, unlike a soft label of cross-entropy.
 *
 * <p>Use it for labels of -1 and 1; otherwise {@link SigmoidCrossEntropy}, which knows label smoothing and positive weights.
 *
 * <p>Elsewhere: PyTorch's SoftMarginLoss, with -1 and 1. Keras, optax and Deeplearning4j have cross-entropy only.
 *
 * <p>Example: x = 0.3, y = -1: ln(1 + e^0.3) = 0.854355.
 *
 * <p>Source: Cox, The Regression Analysis of Binary Sequences, 1958.
 *
 * @param labels signed (-1 and 1) or zero_one (0 and 1); default signed
 */
public record SoftMargin(MarginLabels labels) implements ElementwiseLoss {
    /** As registered: {@code soft_margin}. */
    public static final LossType<SoftMargin> TYPE =
            LossType.of(SoftMargin.class, "soft_margin", Map.of("labels", MarginLabels.SIGNED));

    /** With labels of -1 and 1. */
    public SoftMargin() {
        this(MarginLabels.SIGNED);
    }

    @Override
    public double value(double x, double y) {
        return Logistic.softplus(-labels.sign(y) * x);
    }

    @Override
    public double derivative(double x, double y) {
        double t = labels.sign(y);
        return -t * Logistic.sigmoid(-t * x);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
