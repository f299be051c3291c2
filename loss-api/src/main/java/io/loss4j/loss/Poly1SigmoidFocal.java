package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Focal loss of yes/no outputs with the first coefficient of its expansion in powers of 1 - p_t made adjustable.
 *
 * <pre>
 *   value = focal + epsilon u^gamma v                          focal as in sigmoid_focal, with alpha and gamma
 *   d/dx  = focal' + epsilon u^gamma [gamma (u'/u) v + v']
 *   u     = 1 - p_t = y (1 - p) + (1 - y) p                    p = sigmoid(x)
 *   v     = pos y (1 - p) + (1 - y) p                          u unless there are positive weights
 * </pre>
 *
 * <p>y in [0, 1] may be soft. alpha weighs the focal term only. For large |x| a wrong prediction costs alpha_t |x| +
 * epsilon, a right one nothing.
 *
 * <p>Use it in place of {@link SigmoidFocal} when one more number may be tuned: a positive epsilon trusts confident
 * predictions more, a negative one less.
 *
 * <p>Elsewhere: the code of the paper, the same without alpha. PyTorch, Keras and Deeplearning4j do not have it, and
 * optax's poly_loss_cross_entropy is the softmax form without focusing.
 *
 * <p>Example: x = 1, y = 1, alpha = 0.25, gamma = 2, epsilon = 1: 0.005665 + 0.268941^3 = 0.025117.
 *
 * <p>Source: Leng et al., PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions, 2022.
 *
 * @param alpha weight of the label 1, that of 0 being 1 - alpha; in [0, 1], or null for none; default null
 * @param gamma focusing exponent, at least 0; default 2
 * @param epsilon what is added to the first coefficient, above -1; 0 is focal loss; default 1
 */
public record Poly1SigmoidFocal(@Nullable Double alpha, double gamma, double epsilon) implements BinaryLoss {
    private static final String ID = "poly1_sigmoid_focal";

    /** As registered: {@code poly1_sigmoid_focal}. */
    public static final LossType<Poly1SigmoidFocal> TYPE =
            LossType.of(Poly1SigmoidFocal.class, ID, Map.of("gamma", 2.0, "epsilon", 1.0));

    /** Checks the ranges. */
    public Poly1SigmoidFocal {
        if (alpha != null) {
            Check.within(0, 1, ID, "alpha", alpha);
        }
        Check.atLeast(0, ID, "gamma", gamma);
        Check.above(-1, ID, "epsilon", epsilon);
    }

    /** Without alpha, with gamma = 2 and epsilon = 1. */
    public Poly1SigmoidFocal() {
        this(null, 2, 1);
    }

    @Override
    public double value(double x, double y, double positiveWeight) {
        double p = Logistic.sigmoid(x);
        double q = Logistic.sigmoid(-x);
        double u = y * q + (1 - y) * p;
        double v = positiveWeight * y * q + (1 - y) * p;
        return focal().value(x, y, positiveWeight) + epsilon * Math.pow(u, gamma) * v;
    }

    @Override
    public double derivative(double x, double y, double positiveWeight) {
        double p = Logistic.sigmoid(x);
        double q = Logistic.sigmoid(-x);
        double u = y * q + (1 - y) * p;
        double v = positiveWeight * y * q + (1 - y) * p;
        double slope = (1 - y - positiveWeight * y) * p * q;
        double focus = gamma * (1 - 2 * y) * SigmoidFocal.ratio(y, p, q, u) * v;
        return focal().derivative(x, y, positiveWeight) + epsilon * Math.pow(u, gamma) * (focus + slope);
    }

    private SigmoidFocal focal() {
        return new SigmoidFocal(alpha, gamma);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
