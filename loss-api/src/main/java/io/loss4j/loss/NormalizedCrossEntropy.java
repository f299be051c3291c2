package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Cross-entropy divided by the sum of the cross-entropies of all classes.
 *
 * <pre>
 *   value  = sum_k t_k l_k / S                 l = log softmax(z), S = sum_j l_j
 *   d/dl_k = (t_k - value) / S                 d/dz_j = d/dl_j - p_j sum_k d/dl_k
 * </pre>
 *
 * <p>t is 1 at the class of the label, times its class weight, which so multiplies the whole loss of the row; or a soft
 * label. For labels that sum to 1 the value is between 0 and 1. One class alone costs 0. Classes of probability 0 (logits
 * of -inf) share the value 1: it is 0 if none of them is the label, and the gradient is 0.
 *
 * <p>Use it where some labels are wrong, usually through {@link ActivePassive}: alone it learns slowly.
 *
 * <p>Elsewhere: the code of the paper.
 *
 * <p>Example: probabilities 0.5, 0.25, 0.25, label 0: ln 2 / (ln 2 + 4 ln 2) = 0.2.
 *
 * <p>Source: Ma et al., Normalized Loss Functions for Deep Learning with Noisy Labels, 2020.
 */
public record NormalizedCrossEntropy() implements SoftmaxRowLoss {
    /** As registered: {@code normalized_cross_entropy}. */
    public static final LossType<NormalizedCrossEntropy> TYPE =
            LossType.of(NormalizedCrossEntropy.class, "normalized_cross_entropy", Map.of());

    private static final SoftmaxLoss CROSS_ENTROPY = new SoftmaxCrossEntropy();

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        double[] log = LogSoftmax.of(predictions);
        Arrays.fill(gradient, 0);
        double value = NormalizedLoss.add(1, CROSS_ENTROPY, log, targets, gradient);
        LogSoftmax.toLogits(log, gradient);
        return value;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
