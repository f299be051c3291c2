package io.loss4j.loss;

import java.util.Map;

/**
 * {@link GeneralizedCrossEntropy} that gives up on labels which the network does not believe at all.
 *
 * <pre>
 *   value(l) = (1 - p^q) / q   where p is above k     p = e^l
 *            = (1 - k^q) / q   up to k
 *   d/dl     = -p^q, and 0 up to k
 * </pre>
 *
 * <p>From 0 at l = 0 to (1 - k^q) / q. A label with p up to k teaches nothing, so start with another loss until most right
 * labels are above k. k = 0 is {@link GeneralizedCrossEntropy}.
 *
 * <p>Use it to prune wrong labels while training goes on, after some epochs with the plain loss.
 *
 * <p>Elsewhere: the code of the paper, which also learns a weight per example.
 *
 * <p>Example: p = 0.25, q = 0.5, k = 0.5: 2 (1 - 0.707107) = 0.585786.
 *
 * <p>Source: Zhang and Sabuncu, Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels, 2018.
 *
 * @param q above 0 and at most 1; default 0.7
 * @param k the probability up to which a label is given up, at least 0 and below 1; default 0.5
 */
public record TruncatedGeneralizedCrossEntropy(double q, double k) implements SoftmaxLoss {
    private static final String ID = "truncated_generalized_cross_entropy";

    /** As registered: {@code truncated_generalized_cross_entropy}. */
    public static final LossType<TruncatedGeneralizedCrossEntropy> TYPE =
            LossType.of(TruncatedGeneralizedCrossEntropy.class, ID, Map.of("q", 0.7, "k", 0.5));

    /** Checks the ranges. */
    public TruncatedGeneralizedCrossEntropy {
        GeneralizedCrossEntropy.checkPower(ID, q);
        Check.atLeast(0, ID, "k", k);
        Check.below(1, ID, "k", k);
    }

    /** With q = 0.7 and k = 0.5. */
    public TruncatedGeneralizedCrossEntropy() {
        this(0.7, 0.5);
    }

    @Override
    public double value(double logProbability) {
        return GeneralizedCrossEntropy.value(q, Math.max(logProbability, Math.log(k)));
    }

    @Override
    public double derivative(double logProbability) {
        return logProbability <= Math.log(k) ? 0 : -Math.exp(q * logProbability);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
