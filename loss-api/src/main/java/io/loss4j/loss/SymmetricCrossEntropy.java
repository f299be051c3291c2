package io.loss4j.loss;

import java.util.Map;

/**
 * Cross-entropy plus the reverse one, in which the logarithm of a label of 0 is taken to be a number.
 *
 * <pre>
 *   value(l) = -alpha l - beta log_zero (1 - p)     p = e^l
 *   d/dl     = -alpha + beta log_zero p
 * </pre>
 *
 * <p>At l = 0 the value is 0; at l = -inf it is infinite unless alpha is 0, and the derivative is -alpha. Soft labels are
 * mixtures of hard ones: each class costs its own share of the formula.
 *
 * <p>Use it where some labels are wrong: the reverse term is bounded and learns steadily, the first one converges.
 *
 * <p>Elsewhere: the code of the paper clips probabilities and labels; log_zero = -4 stands for labels clipped at 1e-4 in
 * base 10.
 *
 * <p>Example: p = 0.5 with the defaults: 0.1 ln 2 + 4 0.5 = 2.069315.
 *
 * <p>Source: Wang et al., Symmetric Cross Entropy for Robust Learning with Noisy Labels, 2019.
 *
 * @param alpha factor of the cross-entropy, at least 0; default 0.1
 * @param beta factor of the reverse cross-entropy, at least 0; default 1
 * @param logZero what log 0 is taken to be, below 0; default -4
 */
public record SymmetricCrossEntropy(double alpha, double beta, double logZero) implements SoftmaxLoss {
    private static final String ID = "symmetric_cross_entropy";

    /** As registered: {@code symmetric_cross_entropy}. */
    public static final LossType<SymmetricCrossEntropy> TYPE =
            LossType.of(SymmetricCrossEntropy.class, ID, Map.of("alpha", 0.1, "beta", 1.0, "log_zero", -4.0));

    /** Checks the ranges. */
    public SymmetricCrossEntropy {
        Check.atLeast(0, ID, "alpha", alpha);
        Check.atLeast(0, ID, "beta", beta);
        Check.below(0, ID, "log_zero", Check.finite(ID, "log_zero", logZero));
    }

    /** With alpha = 0.1, beta = 1 and log_zero = -4. */
    public SymmetricCrossEntropy() {
        this(0.1, 1, -4);
    }

    @Override
    public double value(double logProbability) {
        return Probability.weighted(alpha, -logProbability) + beta * logZero * Math.expm1(logProbability);
    }

    @Override
    public double derivative(double logProbability) {
        return -alpha + beta * logZero * Math.exp(logProbability);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
