package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Binary cross-entropy of given probabilities, for networks that end in a sigmoid layer.
 *
 * <pre>
 *   value = -[pos y log p + (1 - y) log(1 - p)]
 *   d/dp  = -pos y / p + (1 - y) / (1 - p)
 * </pre>
 *
 * <p>Without epsilon both logarithms end at -100 (PyTorch's rule); with it p is clipped to [epsilon, 1 - epsilon] (Keras's
 * rule). The derivative is that of exactly this value: 0 for a logarithm that is floored and for a p that is clipped, so a
 * label of probability 0 teaches nothing.
 *
 * <p>Use it only where logits cannot be had, as under a Keras model that ends in a sigmoid layer. {@link SigmoidCrossEntropy}
 * over logits has no such blind spot; prefer it.
 *
 * <p>Elsewhere: PyTorch's BCELoss is this without epsilon, Keras's BinaryCrossentropy this with an epsilon of 1e-7. optax
 * takes logits. Deeplearning4j's XENT clips the value, by 1e-5, and loses the gradient.
 *
 * <p>Example: p = 0.8 for y = 1, and p = 0.2 for y = 0: both -ln 0.8 = 0.223144.
 *
 * <p>Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.2.
 *
 * @param epsilon how far p stays from 0 and 1, above 0 and below 0.5, or null for no clipping; default null
 */
public record BinaryCrossEntropy(@Nullable Double epsilon) implements BinaryLoss {
    private static final String ID = "binary_cross_entropy";

    /** As registered: {@code binary_cross_entropy}. */
    public static final LossType<BinaryCrossEntropy> TYPE = LossType.of(BinaryCrossEntropy.class, ID, Map.of());

    /** Checks the range of epsilon. */
    public BinaryCrossEntropy {
        Check.epsilon(ID, epsilon);
    }

    /** Without epsilon. */
    public BinaryCrossEntropy() {
        this(null);
    }

    @Override
    public double value(double x, double y, double positiveWeight) {
        double p = clip(x);
        return -positiveWeight * y * Probability.log(p) - (1 - y) * Probability.logOfComplement(p);
    }

    @Override
    public double derivative(double x, double y, double positiveWeight) {
        double p = clip(x);
        if (epsilon != null && p != x && !Double.isNaN(x)) {
            return 0;
        }
        return -positiveWeight * y * Probability.logSlope(p) - (1 - y) * Probability.logOfComplementSlope(p);
    }

    private double clip(double p) {
        return epsilon == null ? Probability.clamp(p) : Math.min(Math.max(p, epsilon), 1 - epsilon);
    }

    @Override
    public InputForm input() {
        return InputForm.PROBABILITIES;
    }

    @Override
    public @Nullable LossSpec overLogits(Activation activation) {
        return epsilon == null && activation == Activation.SIGMOID ? new SigmoidCrossEntropy() : null;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
