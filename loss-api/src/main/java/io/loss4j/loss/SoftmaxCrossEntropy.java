package io.loss4j.loss;

import java.util.Map;

/**
 * Cross-entropy of softmax probabilities, computed from logits.
 *
 * <pre>
 *   value(l) = -l      l = log softmax(z)_k, the log-probability of the label's class
 *   d/dl     = -1      d/dz_j = p_j - [j = k]
 * </pre>
 *
 * <p>Nothing is clipped: a class of probability 0 (logit -inf) costs infinitely much if it is the label and nothing
 * otherwise, and the gradient never vanishes for a confident mistake. With two classes (z, 0) it equals {@link
 * SigmoidCrossEntropy} of z.
 *
 * <p>Use it for classes that exclude each other, unless there is a reason for another one.
 *
 * <p>Elsewhere: PyTorch {@code CrossEntropyLoss}, Keras {@code CategoricalCrossentropy} and its sparse twin from logits,
 * optax {@code softmax_cross_entropy}; all the same without options. Deeplearning4j clips probabilities in the score.
 *
 * <p>Example: logits (1, 2, 3), label 0: 2.407606.
 *
 * <p>Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4. Replaces Deeplearning4j's MCXENT and
 * NEGATIVELOGLIKELIHOOD.
 */
public record SoftmaxCrossEntropy() implements SoftmaxLoss {
    /** As registered: {@code softmax_cross_entropy}. */
    public static final LossType<SoftmaxCrossEntropy> TYPE =
            LossType.of(SoftmaxCrossEntropy.class, "softmax_cross_entropy", Map.of());

    @Override
    public double value(double logProbability) {
        return -logProbability;
    }

    @Override
    public double derivative(double logProbability) {
        return -1;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
