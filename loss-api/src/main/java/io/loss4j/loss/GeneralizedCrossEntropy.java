package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Between cross-entropy and the absolute error of the probability: bounded, so that a wrong label cannot cost much.
 *
 * <pre>
 *   value(l) = (1 - p^q) / q                   p = e^l
 *   d/dl     = -p^q
 * </pre>
 *
 * <p>1 - p^q is computed as -expm1(q l). From 0 at l = 0 to 1/q at l = -inf, where the derivative is 0. q towards 0 is
 * cross-entropy, q = 1 is {@link MaeProbability}. From probabilities the logarithm ends at -100.
 *
 * <p>Use it where some labels are wrong: the gradient of a label that the network finds very unlikely fades with p^q.
 *
 * <p>Elsewhere: Keras {@code CategoricalGeneralizedCrossEntropy}, from probabilities and class indices.
 *
 * <p>Example: p = 0.5, q = 0.5: 2 (1 - 0.707107) = 0.585786.
 *
 * <p>Source: Zhang and Sabuncu, Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels, 2018.
 *
 * @param q above 0 and at most 1; default 0.7
 * @param input what the predictions are; default logits
 */
public record GeneralizedCrossEntropy(double q, InputForm input) implements SoftmaxLoss {
    private static final String ID = "generalized_cross_entropy";

    /** As registered: {@code generalized_cross_entropy}. */
    public static final LossType<GeneralizedCrossEntropy> TYPE =
            LossType.of(GeneralizedCrossEntropy.class, ID, Map.of("q", 0.7, "input", InputForm.LOGITS));

    /** Checks the range of q. */
    public GeneralizedCrossEntropy {
        checkPower(ID, q);
    }

    /** From logits. */
    public GeneralizedCrossEntropy(double q) {
        this(q, InputForm.LOGITS);
    }

    static void checkPower(String who, double q) {
        Check.above(0, who, "q", q);
        Check.within(0, 1, who, "q", q);
    }

    /** (1 - e^(q l)) / q. */
    static double value(double q, double logProbability) {
        return -Math.expm1(q * logProbability) / q;
    }

    @Override
    public double value(double logProbability) {
        return value(q, isFloored(logProbability) ? Probability.LOG_FLOOR : logProbability);
    }

    @Override
    public double derivative(double logProbability) {
        return isFloored(logProbability) ? 0 : -Math.exp(q * logProbability);
    }

    private boolean isFloored(double logProbability) {
        return input == InputForm.PROBABILITIES && logProbability < Probability.LOG_FLOOR;
    }

    @Override
    public @Nullable LossSpec overLogits(Activation activation) {
        return activation == Activation.SOFTMAX ? new GeneralizedCrossEntropy(q) : null;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
