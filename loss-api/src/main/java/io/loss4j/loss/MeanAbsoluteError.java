package io.loss4j.loss;

import java.util.Map;

/**
 * Absolute error; the mean is made by the reduction.
 *
 * <pre>
 *   value = |d|       d/dx = sign d       d = x - y
 * </pre>
 *
 * <p>x and y are any numbers; the value grows as |d|. At d = 0 the derivative is taken to be 0, one of its subgradients. Its
 * minimum is the median of the labels.
 *
 * <p>Use it for regression with outliers, where being right for most labels counts more than for all; {@link Huber} trains
 * more smoothly near the end.
 *
 * <p>Elsewhere: PyTorch's L1Loss and Keras's MeanAbsoluteError. BATCH_MEAN is Deeplearning4j's L1; its MAE is this with
 * perOutputMean.
 *
 * <p>Example: x = 3, y = 1: 2.
 *
 * <p>Source: Laplace, Mécanique céleste, 1799.
 *
 * @param perOutputMean whether to divide by the number of columns; default false
 */
public record MeanAbsoluteError(boolean perOutputMean) implements ElementwiseLoss {
    /** As registered: {@code mean_absolute_error}. */
    public static final LossType<MeanAbsoluteError> TYPE =
            LossType.of(MeanAbsoluteError.class, "mean_absolute_error", Map.of("per_output_mean", false));

    /** Of single elements; what they are divided by is the reduction's. */
    public MeanAbsoluteError() {
        this(false);
    }

    @Override
    public LossSpec formula(int columns) {
        return perOutputMean ? new Scaled(1.0 / columns, new MeanAbsoluteError()) : this;
    }

    @Override
    public double value(double x, double y) {
        return Math.abs(x - y);
    }

    @Override
    public double derivative(double x, double y) {
        return Math.signum(x - y);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
