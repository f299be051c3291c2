package io.loss4j.loss;

import java.util.Map;

/**
 * Cross-entropy with another coefficient of the first term of its expansion in powers of 1 - p.
 *
 * <pre>
 *   value(l) = -l + epsilon (1 - p)            p = e^l
 *   d/dl     = -1 - epsilon p
 * </pre>
 *
 * <p>1 - p is computed as -expm1(l), which keeps its digits where p is near 1. At l = 0 the value is 0 and the derivative
 * -1 - epsilon; at l = -inf the value is infinite and the derivative -1. epsilon = 0 is plain cross-entropy.
 *
 * <p>Use it as a drop-in for cross-entropy with one number to tune: above 0 for balanced classes, below 0 where the
 * network is overconfident.
 *
 * <p>Elsewhere: optax {@code poly_loss_cross_entropy}, the same; TensorFlow code of the paper smooths labels in the second
 * term too, as here with label smoothing.
 *
 * <p>Example: two classes with logits (0, 0), epsilon = 1: ln 2 + 0.5 = 1.193147.
 *
 * <p>Source: Leng et al., PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions, 2022.
 *
 * @param epsilon added to the first coefficient, at least -1 (where the slope at p = 1 is 0); default 1
 */
public record Poly1CrossEntropy(double epsilon) implements SoftmaxLoss {
    private static final String ID = "poly1_cross_entropy";

    /** As registered: {@code poly1_cross_entropy}. */
    public static final LossType<Poly1CrossEntropy> TYPE =
            LossType.of(Poly1CrossEntropy.class, ID, Map.of("epsilon", 1.0));

    /** Checks the range of epsilon. */
    public Poly1CrossEntropy {
        Check.atLeast(-1, ID, "epsilon", epsilon);
    }

    /** With epsilon = 1. */
    public Poly1CrossEntropy() {
        this(1);
    }

    @Override
    public double value(double logProbability) {
        return -logProbability - epsilon * Math.expm1(logProbability);
    }

    @Override
    public double derivative(double logProbability) {
        return -1 - epsilon * Math.exp(logProbability);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
