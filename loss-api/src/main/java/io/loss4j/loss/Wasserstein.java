package io.loss4j.loss;

import java.util.Map;

/**
 * Product of score and label: the loss of the critic, and of the generator, of a Wasserstein GAN.
 *
 * <pre>
 *   value = y x       d/dx = y
 * </pre>
 *
 * <p>x is any number. With y = -1 for real and 1 for generated examples the sum is lowest where the critic tells them
 * apart best. It has no lower end by itself: the critic must be kept Lipschitz by clipped weights or a gradient penalty.
 *
 * <p>Use it for the critic of a Wasserstein GAN, and with labels of -1 for its generator.
 *
 * <p>Elsewhere: Deeplearning4j's WASSERSTEIN is this with perOutputMean. PyTorch, Keras and optax leave it to the
 * training loop.
 *
 * <p>Example: x = 0.5, y = -1: -0.5.
 *
 * <p>Source: Arjovsky et al., Wasserstein GAN, 2017.
 *
 * @param perOutputMean whether to divide by the number of columns; default false
 */
public record Wasserstein(boolean perOutputMean) implements ElementwiseLoss {
    /** As registered: {@code wasserstein}. */
    public static final LossType<Wasserstein> TYPE =
            LossType.of(Wasserstein.class, "wasserstein", Map.of("per_output_mean", false));

    /** Of single elements; what they are divided by is the reduction's. */
    public Wasserstein() {
        this(false);
    }

    @Override
    public LossSpec formula(int columns) {
        return perOutputMean ? new Scaled(1.0 / columns, new Wasserstein()) : this;
    }

    @Override
    public double value(double x, double y) {
        return y * x;
    }

    @Override
    public double derivative(double x, double y) {
        return Double.isNaN(x) ? x : y;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
