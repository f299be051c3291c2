package io.loss4j.loss;

import java.util.Map;

/**
 * Asymmetric loss for multi-label outputs: rare positives keep their weight, the many easy negatives lose theirs and,
 * below a probability of {@code clip}, count for nothing.
 *
 * <pre>
 *   value = -pos y (1 - p)^g+ log p  -  (1 - y) m^g- log(1 - m)
 *   d/dx  = -pos y (1 - p)^g+ (1 - p - g+ p log p)
 *           + (1 - y) m^g- p (1 - p) [1 / (1 - m) - g- log(1 - m) / m]
 *   p     = sigmoid(x)                  m = max(0, p - clip)
 * </pre>
 *
 * <p>y in [0, 1] may be soft. The derivative goes through the focusing factors. For x to -inf a positive costs |x|; for x
 * to +inf a negative costs x without clip and at most -log(clip) with it.
 *
 * <p>Use it for multi-label outputs with many columns of which few are 1, as tags of images; raise gamma_negative with the
 * imbalance.
 *
 * <p>Elsewhere: mmpretrain's AsymmetricLoss, the same but for a floor of the logarithm, and the code of the paper, which
 * may hold the focusing factors constant. PyTorch, Keras, optax and Deeplearning4j do not have it.
 *
 * <p>Example: with the defaults x = 0, y = 1: 0.5 ln 2 = 0.346574; x = 0, y = 0: -0.45^4 ln 0.55 = 0.024515.
 *
 * <p>Source: Ridnik et al., Asymmetric Loss For Multi-Label Classification, 2021; the defaults are those of its code.
 *
 * @param gammaPositive g+, focusing exponent of positives, at least 0; default 1
 * @param gammaNegative g-, focusing exponent of negatives, at least 0; default 4
 * @param clip probability margin of negatives, at least 0 and below 1; default 0.05
 */
public record AsymmetricLoss(double gammaPositive, double gammaNegative, double clip) implements BinaryLoss {
    private static final String ID = "asymmetric";

    /** As registered: {@code asymmetric}. */
    public static final LossType<AsymmetricLoss> TYPE =
            LossType.of(AsymmetricLoss.class, ID, Map.of("gamma_positive", 1.0, "gamma_negative", 4.0, "clip", 0.05));

    /** Checks the ranges. */
    public AsymmetricLoss {
        Check.atLeast(0, ID, "gamma_positive", gammaPositive);
        Check.atLeast(0, ID, "gamma_negative", gammaNegative);
        Check.atLeast(0, ID, "clip", clip);
        Check.below(1, ID, "clip", clip);
    }

    /** With the exponents 1 and 4 and the clip 0.05 of the paper's code. */
    public AsymmetricLoss() {
        this(1, 4, 0.05);
    }

    @Override
    public double value(double x, double y, double positiveWeight) {
        double q = Logistic.sigmoid(-x);
        double positive = Probability.weighted(Math.pow(q, gammaPositive), Logistic.softplus(-x));
        double m = Math.max(0, Logistic.sigmoid(x) - clip);
        double negative = Probability.weighted(Math.pow(m, gammaNegative), cost(x, q, m));
        return Probability.weighted(positiveWeight * y, positive) + Probability.weighted(1 - y, negative);
    }

    @Override
    public double derivative(double x, double y, double positiveWeight) {
        double p = Logistic.sigmoid(x);
        double q = Logistic.sigmoid(-x);
        double positive =
                -Math.pow(q, gammaPositive) * (q + gammaPositive * Probability.weighted(p, Logistic.softplus(-x)));
        double m = Math.max(0, p - clip);
        double negative = 0;
        if (m > 0) {
            // m^(g - 1) cost(m), written with cost(m) / m, which is bounded where m is small
            double focus = gammaNegative * p * Probability.weighted(q, cost(x, q, m) / m);
            double slope = clip == 0 ? p : p * q / (q + clip);
            negative = Math.pow(m, gammaNegative) * (focus + slope);
        }
        return positiveWeight * y * positive + (1 - y) * negative;
    }

    /** -log(1 - m), from whichever of m and 1 - m is the small one. */
    private double cost(double x, double q, double m) {
        if (clip == 0) {
            return Logistic.softplus(x);
        }
        return m < 0.5 ? -Math.log1p(-m) : -Math.log(q + clip);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
