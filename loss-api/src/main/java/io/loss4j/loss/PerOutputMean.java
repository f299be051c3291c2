package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A loss divided by the number of columns of the predictions.
 *
 * <pre>
 *   value = value of the loss / K
 * </pre>
 *
 * <p>Everything that the loss can do and cannot do stays as it is: its shape, its labels, its options.
 *
 * <p>Use it where the outputs of an example are averaged but the reduction adds up, as in networks of Deeplearning4j: the
 * score and the learning rate then mean the same for any number of outputs.
 *
 * <p>Elsewhere: Keras, whose elementwise losses are means over the last axis; Deeplearning4j's MSE, MAE, MAPE, MSLE and
 * WASSERSTEIN, whose counterparts have it as a parameter.
 *
 * <p>Example: the squared errors of x = (3, 1), y = (1, 1): (4 + 0) / 2 = 2.
 *
 * @param loss the loss
 */
public record PerOutputMean(LossSpec loss) implements LossSpec {
    /** As registered: {@code per_output_mean}. */
    public static final LossType<PerOutputMean> TYPE = LossType.of(PerOutputMean.class, "per_output_mean", Map.of());

    @Override
    public LossSpec formula(int columns) {
        LossSpec formula = loss.formula(columns);
        return formula instanceof Scaled scaled
                ? new Scaled(scaled.factor() / columns, scaled.loss())
                : new Scaled(1.0 / columns, formula);
    }

    @Override
    public @Nullable InputForm input() {
        return loss.input();
    }

    @Override
    public Activation activation() {
        return loss.activation();
    }

    @Override
    public @Nullable LossSpec overLogits(Activation activation) {
        LossSpec twin = loss.overLogits(activation);
        return twin == null ? null : twin.equals(loss) ? this : new PerOutputMean(twin);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
