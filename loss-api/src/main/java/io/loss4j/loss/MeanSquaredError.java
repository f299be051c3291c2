package io.loss4j.loss;

import java.util.Map;

/**
 * Squared error; the mean is made by the reduction.
 *
 * <pre>
 *   value = d^2       d/dx = 2 d       d = x - y
 * </pre>
 *
 * <p>x and y are any numbers; the value grows as d^2, so that a far outlier dominates the sum. Its minimum is the mean of
 * the labels.
 *
 * <p>Use it for regression with errors that are about normally distributed; with outliers see {@link Huber}.
 *
 * <p>Elsewhere: PyTorch's MSELoss, Keras's MeanSquaredError and optax's squared_error; optax's l2_loss is half of it.
 * BATCH_MEAN is Deeplearning4j's L2, and with perOutputMean its MSE.
 *
 * <p>Example: x = 3, y = 1: 4.
 *
 * <p>Source: Gauss, Theoria combinationis observationum, 1821.
 *
 * @param perOutputMean whether to divide by the number of columns; default false
 */
public record MeanSquaredError(boolean perOutputMean) implements ElementwiseLoss {
    /** As registered: {@code mean_squared_error}. */
    public static final LossType<MeanSquaredError> TYPE =
            LossType.of(MeanSquaredError.class, "mean_squared_error", Map.of("per_output_mean", false));

    /** Of single elements; what they are divided by is the reduction's. */
    public MeanSquaredError() {
        this(false);
    }

    @Override
    public LossSpec formula(int columns) {
        return perOutputMean ? new Scaled(1.0 / columns, new MeanSquaredError()) : this;
    }

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
