package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Squared difference of the logarithms of prediction and label, each plus 1; the mean is made by the reduction.
 *
 * <pre>
 *   value = r^2       d/dx = 2 r / (1 + x)       r = log(1 + x) - log(1 + y)
 * </pre>
 *
 * <p>With epsilon, predictions and labels below it count as epsilon (Keras's form). Without it they are taken as they are
 * down to -1 (Deeplearning4j's form), where the logarithm ends at that of 2^-53, -36.7. A prediction that counts as
 * something larger has the derivative 0, as the value does not move there. For large x the value grows as the square of
 * log x.
 *
 * <p>Use it for counts and prices, 0 included, whose ratio to the prediction matters rather than the difference. Let the
 * network end in an activation that cannot go below 0, such as softplus.
 *
 * <p>Elsewhere: Keras's MeanSquaredLogarithmicError, with an epsilon of 1e-7. Deeplearning4j's MSLE, without epsilon, is this
 * with perOutputMean. Flux adds a small number inside both logarithms instead of 1. PyTorch and optax
 * do not have it.
 *
 * <p>Example: x = 3, y = 1: (ln 2)^2 = 0.480453.
 *
 * <p>Source: Törnqvist, Vartia and Vartia, How Should Relative Changes Be Measured?, 1985, on logarithmic differences.
 *
 * @param epsilon the smallest number that predictions and labels count as, at least 0; or null for -1; default null
 * @param perOutputMean whether to divide by the number of columns; default false
 */
public record MeanSquaredLogarithmicError(@Nullable Double epsilon, boolean perOutputMean) implements ElementwiseLoss {
    private static final String ID = "mean_squared_logarithmic_error";

    /** As registered: {@code mean_squared_logarithmic_error}. */
    public static final LossType<MeanSquaredLogarithmicError> TYPE =
            LossType.of(MeanSquaredLogarithmicError.class, ID, Map.of("per_output_mean", false));

    /** The smallest double that 1 can be added to without the logarithm becoming infinite. */
    private static final double ABOVE_MINUS_1 = Math.nextUp(-1.0);

    /** Checks the range of epsilon. */
    public MeanSquaredLogarithmicError {
        if (epsilon != null) {
            Check.atLeast(0, ID, "epsilon", epsilon);
        }
    }

    /** Without epsilon. */
    public MeanSquaredLogarithmicError() {
        this(null);
    }

    /** Of single elements; what they are divided by is the reduction's. */
    public MeanSquaredLogarithmicError(@Nullable Double epsilon) {
        this(epsilon, false);
    }

    @Override
    public LossSpec formula(int columns) {
        return perOutputMean ? new Scaled(1.0 / columns, new MeanSquaredLogarithmicError(epsilon)) : this;
    }

    @Override
    public double value(double x, double y) {
        double r = logRatio(Math.max(x, least()), Math.max(y, least()));
        return r * r;
    }

    @Override
    public double derivative(double x, double y) {
        return x < least() ? 0 : 2 * logRatio(x, Math.max(y, least())) / (1 + x);
    }

    private double least() {
        return epsilon == null ? ABOVE_MINUS_1 : epsilon;
    }

    /** log(1 + a) - log(1 + b), from their ratio where the difference of the logarithms would lose digits. */
    private static double logRatio(double a, double b) {
        double ratio = (a - b) / (1 + b);
        return Math.abs(ratio) < 0.5 ? Math.log1p(ratio) : Math.log1p(a) - Math.log1p(b);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
