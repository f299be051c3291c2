package io.loss4j.loss;

import java.util.Map;

/**
 * Absolute error beyond a tolerance; what is nearer to the label than that counts as right.
 *
 * <pre>
 *   value = max(0, |d| - epsilon)       d/dx = sign d where |d| &gt; epsilon, else 0       d = x - y
 * </pre>
 *
 * <p>x and y are any numbers; the value grows as |d|. At |d| = epsilon the derivative is taken to be 0.
 *
 * <p>Use it where labels are only known to within epsilon, or to stop training on examples that are good enough.
 *
 * <p>Elsewhere: scikit-learn's SVR and SGDRegressor, and support vector libraries, under the same name. PyTorch, Keras,
 * optax and Deeplearning4j do not have it.
 *
 * <p>Example: x = 3, y = 1, epsilon = 0.1: 1.9.
 *
 * <p>Source: Vapnik, The Nature of Statistical Learning Theory, 1995.
 *
 * @param epsilon the error that costs nothing, in units of the label, at least 0; default 0.1
 */
public record EpsilonInsensitive(double epsilon) implements ElementwiseLoss {
    private static final String ID = "epsilon_insensitive";

    /** As registered: {@code epsilon_insensitive}. */
    public static final LossType<EpsilonInsensitive> TYPE =
            LossType.of(EpsilonInsensitive.class, ID, Map.of("epsilon", 0.1));

    /** Checks the range of epsilon. */
    public EpsilonInsensitive {
        Check.atLeast(0, ID, "epsilon", epsilon);
    }

    /** With epsilon = 0.1. */
    public EpsilonInsensitive() {
        this(0.1);
    }

    @Override
    public double value(double x, double y) {
        return Math.max(0, Math.abs(x - y) - epsilon);
    }

    @Override
    public double derivative(double x, double y) {
        double d = x - y;
        return Math.abs(d) <= epsilon ? 0 : Math.signum(d);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
