package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Negative log-likelihood of given log-probabilities, for networks that end in a log-softmax layer.
 *
 * <pre>
 *   value(l) = -l
 *   d/dl     = -1
 * </pre>
 *
 * <p>l at most 0, which is not checked; at l = -inf the value is infinite for a label and nothing otherwise.
 *
 * <p>Use it behind a log-softmax layer; together they are {@link SoftmaxCrossEntropy}.
 *
 * <p>Elsewhere: PyTorch {@code NLLLoss}, the same. Deeplearning4j's NEGATIVELOGLIKELIHOOD takes probabilities: it is
 * {@link CrossEntropy} here.
 *
 * <p>Example: l = ln 0.33 for the label: 1.108663.
 *
 * <p>Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4.
 */
public record NegativeLogLikelihood() implements SoftmaxLoss {
    /** As registered: {@code negative_log_likelihood}. */
    public static final LossType<NegativeLogLikelihood> TYPE =
            LossType.of(NegativeLogLikelihood.class, "negative_log_likelihood", Map.of());

    @Override
    public double value(double logProbability) {
        return -logProbability;
    }

    @Override
    public double derivative(double logProbability) {
        return -1;
    }

    @Override
    public InputForm input() {
        return InputForm.LOG_PROBABILITIES;
    }

    @Override
    public @Nullable LossSpec overLogits(Activation activation) {
        return activation == Activation.SOFTMAX ? new SoftmaxCrossEntropy() : null;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
