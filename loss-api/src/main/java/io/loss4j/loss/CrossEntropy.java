package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of given probabilities, for networks that end in a softmax layer.
 *
 * <pre>
 *   value(l) = -max(l, -100)                             l = log p, without epsilon (PyTorch's rule)
 *   value(l) = -log(min(max(p, epsilon), 1 - epsilon))   with epsilon (Keras's rule)
 *   d/dl     = -1, and 0 where l is floored or p clipped; d/dp = d/dl / p
 * </pre>
 *
 * <p>p from 0 to 1; rows are not normalised. The derivative is that of exactly this value, so a label of probability 0 costs
 * 100 and teaches nothing.
 *
 * <p>Use it where only probabilities can be had; {@link SoftmaxCrossEntropy} over logits has no blind spot.
 *
 * <p>Elsewhere: Keras {@code CategoricalCrossentropy}, which divides each row by its sum first; PyTorch floors logarithms at
 * -100 in {@code BCELoss}; Deeplearning4j clips in the score but not in the gradient.
 *
 * <p>Example: p = 0.7 for the label: -ln 0.7 = 0.356675.
 *
 * <p>Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4.
 *
 * @param epsilon how far p stays from 0 and 1, above 0 and below 0.5; or null; default null
 */
public record CrossEntropy(@Nullable Double epsilon) implements SoftmaxLoss {
    private static final String ID = "cross_entropy";

    /** As registered: {@code cross_entropy}. */
    public static final LossType<CrossEntropy> TYPE = LossType.of(CrossEntropy.class, ID, Map.of());

    /** Checks the range of epsilon. */
    public CrossEntropy {
        Check.epsilon(ID, epsilon);
    }

    /** Without epsilon. */
    public CrossEntropy() {
        this(null);
    }

    @Override
    public double value(double logProbability) {
        return -Math.min(Math.max(logProbability, lowest()), highest());
    }

    @Override
    public double derivative(double logProbability) {
        return logProbability < lowest() || logProbability > highest() ? 0 : -1;
    }

    private double lowest() {
        return epsilon == null ? Probability.LOG_FLOOR : Math.log(epsilon);
    }

    private double highest() {
        return epsilon == null ? Double.POSITIVE_INFINITY : Math.log1p(-epsilon);
    }

    @Override
    public InputForm input() {
        return InputForm.PROBABILITIES;
    }

    @Override
    public @Nullable LossSpec overLogits(Activation activation) {
        return epsilon == null && activation == Activation.SOFTMAX ? new SoftmaxCrossEntropy() : null;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
