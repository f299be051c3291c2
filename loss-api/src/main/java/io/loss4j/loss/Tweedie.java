package io.loss4j.loss;

import java.util.Map;

/**
 * Half the deviance of a Tweedie distribution, of which the logarithm of the mean is predicted, for amounts that are
 * often exactly 0.
 *
 * <pre>
 *   value = b(2 - power) - y b(1 - power)       b(t) = (e^(t x) - 1) / t,  b(0) = x
 *   d/dx  = e^((2 - power) x) - y e^((1 - power) x)
 * </pre>
 *
 * <p>y is at least 0, e^x the predicted mean. The value is counted from that of a mean of 1, so it is 0 at x = 0 and
 * negative for better predictions, and has limits at both ends of power: 1 is {@link PoissonNll} less 1, and 2 is
 * {@link GammaNll} less y. Exponentials overflow to infinity, above x = 709 / (2 - power) and, for y above 0, below
 * -709 / (power - 1).
 *
 * <p>Use it for totals of a random number of random amounts, such as claims per policy or sales per day, where 0 is common.
 *
 * <p>Elsewhere: scikit-learn's TweedieRegressor, XGBoost's reg:tweedie and LightGBM's tweedie have the same gradient; their
 * values differ by terms of the label that have no limit at power 1 and 2. PyTorch, Keras, optax and Deeplearning4j do
 * not have it.
 *
 * <p>Example: power 1.5, x = ln 4, y = 3: 2 - 3 = -1.
 *
 * <p>Source: Jørgensen, Exponential Dispersion Models, 1987.
 *
 * @param power exponent of the mean in the variance, from 1 (Poisson) to 2 (gamma); default 1.5
 */
public record Tweedie(double power) implements ElementwiseLoss {
    private static final String ID = "tweedie";

    /** As registered: {@code tweedie}. */
    public static final LossType<Tweedie> TYPE = LossType.of(Tweedie.class, ID, Map.of("power", 1.5));

    /** Checks the range of power. */
    public Tweedie {
        Check.within(1, 2, ID, "power", power);
    }

    /** With power = 1.5. */
    public Tweedie() {
        this(1.5);
    }

    @Override
    public double value(double x, double y) {
        return growth(2 - power, x) - Probability.weighted(y, growth(1 - power, x));
    }

    @Override
    public double derivative(double x, double y) {
        return power(2 - power, x) - Probability.weighted(y, power(1 - power, x));
    }

    /** The integral of e^(t x) from 0 to x. */
    private static double growth(double t, double x) {
        return t == 0 ? x : Math.expm1(t * x) / t;
    }

    /** The mean e^x to the power of t. */
    private static double power(double t, double x) {
        return Math.exp(t * x);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
