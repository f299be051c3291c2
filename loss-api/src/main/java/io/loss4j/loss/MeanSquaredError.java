package io.loss4j.loss;

import java.util.Map;

/**
 * Squared error; the mean is made by the reduction.
 *
 * <pre>
 *   value = d^2       d/dx = 2 d       d = x - y
 * </pre>
 *
 * <p>For outputs and labels of any size; a far outlier dominates the sum, see {@link Huber}. SUM divided by rows is
 * Deeplearning4j's L2; its MSE divides by the number of outputs too.
 *
 * <p>Example: x = 3, y = 1: 4.
 *
 * <p>Source: Gauss, Theoria combinationis observationum, 1821.
 */
public record MeanSquaredError() implements ElementwiseLoss {
    /** As registered: {@code mean_squared_error}. */
    public static final LossType<MeanSquaredError> TYPE =
            LossType.of(MeanSquaredError.class, "mean_squared_error", Map.of());

    @Override
    public double value(double x, double y) {
        return (x - y) * (x - y);
    }

    @Override
    public double derivative(double x, double y) {
        return 2 * (x - y);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
