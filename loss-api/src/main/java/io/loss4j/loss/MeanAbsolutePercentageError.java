package io.loss4j.loss;

import java.util.Map;

/**
 * Absolute error in per cent of the label; the mean is made by the reduction.
 *
 * <pre>
 *   value = 100 |d| / s       d/dx = 100 sign d / s       d = x - y,  s = max(|y|, epsilon)
 * </pre>
 *
 * <p>x and y are any numbers. A label of 0 counts as epsilon, so that the value stays finite but is large: leave such
 * labels out with a mask, or choose an epsilon that is a size of labels that matters. At d = 0 the derivative is taken to
 * be 0.
 *
 * <p>Use it for positive labels over several orders of magnitude that should all be met by the same percentage. It favours
 * predictions that are too low; {@link MeanSquaredLogarithmicError} does not.
 *
 * <p>Elsewhere: Keras's MeanAbsolutePercentageError with an epsilon of 1e-7, the same. Deeplearning4j's MAPE has no
 * epsilon, so that a label of 0 gives infinity or NaN, and is this with perOutputMean otherwise. PyTorch and optax do not
 * have it.
 *
 * <p>Example: x = 3, y = 4: 25.
 *
 * <p>Source: Makridakis, Accuracy Measures: Theoretical and Practical Concerns, 1993.
 *
 * @param epsilon the smallest size that a label counts as, above 0; default 1e-7
 * @param perOutputMean whether to divide by the number of columns; default false
 */
public record MeanAbsolutePercentageError(double epsilon, boolean perOutputMean) implements ElementwiseLoss {
    private static final String ID = "mean_absolute_percentage_error";

    /** As registered: {@code mean_absolute_percentage_error}. */
    public static final LossType<MeanAbsolutePercentageError> TYPE =
            LossType.of(MeanAbsolutePercentageError.class, ID, Map.of("epsilon", 1e-7, "per_output_mean", false));

    /** Checks the range of epsilon. */
    public MeanAbsolutePercentageError {
        Check.above(0, ID, "epsilon", epsilon);
    }

    /** With epsilon = 1e-7. */
    public MeanAbsolutePercentageError() {
        this(1e-7);
    }

    /** Of single elements; what they are divided by is the reduction's. */
    public MeanAbsolutePercentageError(double epsilon) {
        this(epsilon, false);
    }

    @Override
    public LossSpec formula(int columns) {
        return perOutputMean ? new Scaled(1.0 / columns, new MeanAbsolutePercentageError(epsilon)) : this;
    }

    @Override
    public double value(double x, double y) {
        return 100 * (Math.abs(x - y) / Math.max(Math.abs(y), epsilon));
    }

    @Override
    public double derivative(double x, double y) {
        return 100 * Math.signum(x - y) / Math.max(Math.abs(y), epsilon);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
