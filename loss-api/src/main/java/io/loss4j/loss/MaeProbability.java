package io.loss4j.loss;

import java.util.Map;

/**
 * How much the probability of the label is short of 1.
 *
 * <pre>
 *   value(l) = 1 - p                           p = e^l
 *   d/dl     = -p
 * </pre>
 *
 * <p>1 - p is computed as -expm1(l). From 0 at l = 0 to 1 at l = -inf, where the derivative is 0. Symmetric: its values
 * for all classes as labels add up to K - 1 whatever the network says, which is why wrong labels of the same rate in all
 * classes do not move its minimum.
 *
 * <p>Use it where very many labels are wrong, or as the passive term of {@link ActivePassive}; alone it learns slowly.
 *
 * <p>Elsewhere: the sum of |p - y| over the classes is twice this.
 *
 * <p>Example: p = 0.7: 0.3.
 *
 * <p>Source: Ghosh et al., Robust Loss Functions under Label Noise for Deep Neural Networks, 2017.
 */
public record MaeProbability() implements SoftmaxLoss {
    /** As registered: {@code mae_probability}. */
    public static final LossType<MaeProbability> TYPE = LossType.of(MaeProbability.class, "mae_probability", Map.of());

    @Override
    public double value(double logProbability) {
        return -Math.expm1(logProbability);
    }

    @Override
    public double derivative(double logProbability) {
        return -Math.exp(logProbability);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
