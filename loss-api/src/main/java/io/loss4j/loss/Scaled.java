package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A loss times a factor.
 *
 * <pre>
 *   value = factor value of the loss
 * </pre>
 *
 * <p>Everything that the loss can do and cannot do stays as it is: its shape, its labels, its options.
 *
 * <p>Use it to give a loss the scale of another library, or the weight of one head among several.
 *
 * <p>Elsewhere: a multiplication by hand.
 *
 * <p>Example: half of the squared error of x = 3, y = 1: 2.
 *
 * @param factor at least 0
 * @param loss the loss
 */
public record Scaled(double factor, LossSpec loss) implements LossSpec {
    private static final String ID = "scaled";

    /** As registered: {@code scaled}. */
    public static final LossType<Scaled> TYPE = LossType.of(Scaled.class, ID, Map.of());

    /** Checks the factor. */
    public Scaled {
        Check.atLeast(0, ID, "factor", factor);
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
        return twin == null ? null : twin.equals(loss) ? this : new Scaled(factor, twin);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
