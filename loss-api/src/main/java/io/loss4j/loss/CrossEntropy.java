package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of given probabilities, for networks that end in a softmax layer:
 *
 * <pre>
 *   value(l) = -max(l, -100)                             l = log p, without epsilon (PyTorch's rule)
 *   value(l) = -log(min(max(p, epsilon), 1 - epsilon))   with epsilon (Keras's rule)
 * </pre>
 *
 * <p>The derivative is that of exactly this value: 0 where the logarithm is floored or p is clipped, so a label of
 * probability 0 teaches nothing. {@link SoftmaxCrossEntropy} over logits has no such blind spot; prefer it.
 *
 * <p>Example: p = 0.7 for the label: -ln 0.7 = 0.356675.
 *
 * <p>Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4.
 *
 * @param epsilon how far p stays from 0 and 1, above 0 and below 0.5; or null
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
