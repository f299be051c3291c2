package io.loss4j.loss;

import java.util.Map;

/**
 * Binary cross-entropy computed from logits, for yes/no and multi-label outputs.
 *
 * <pre>
 *   value = -[pos y log p + (1 - y) log(1 - p)]                    p = sigmoid(x)
 *         = pos y softplus(-x) + (1 - y) softplus(x)
 *   d/dx  = (1 - y) sigmoid(x) - pos y sigmoid(-x)
 * </pre>
 *
 * <p>y in [0, 1] may be soft. Nothing is clipped: at x = -20, y = 1 the derivative is -1, and for large |x| the value grows
 * as |x|. x = -inf is a probability of 0, which costs nothing where y = 0.
 *
 * <p>Use it for yes/no and multi-label outputs unless something speaks against it. Positive weights help with rare labels.
 *
 * <p>Elsewhere: PyTorch's BCEWithLogitsLoss with pos_weight; Keras's BinaryCrossentropy with from_logits; optax's
 * sigmoid_binary_cross_entropy. Deeplearning4j's XENT is clipped: its gradient at x = -20, y = 1 is -0.0002.
 *
 * <p>Example: the odds 0.51 to 0.49 (x = 0.040005), y = 1: -ln 0.51 = 0.673345.
 *
 * <p>Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.2.
 */
public record SigmoidCrossEntropy() implements BinaryLoss {
    /** As registered: {@code sigmoid_cross_entropy}. */
    public static final LossType<SigmoidCrossEntropy> TYPE =
            LossType.of(SigmoidCrossEntropy.class, "sigmoid_cross_entropy", Map.of());

    @Override
    public double value(double x, double y, double positiveWeight) {
        double tail = Logistic.tail(x); // of both
        return Probability.weighted(positiveWeight * y, Math.max(-x, 0) + tail)
                + Probability.weighted(1 - y, Math.max(x, 0) + tail);
    }

    @Override
    public double derivative(double x, double y, double positiveWeight) {
        return (1 - y) * Logistic.sigmoid(x) - positiveWeight * y * Logistic.sigmoid(-x);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
