package io.loss4j.loss;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a loss is: an immutable record of its parameters plus one scalar {@code double} formula, given by one of the
 * shapes {@link ElementwiseLoss}, {@link SoftmaxLoss}, {@link RowLoss} or {@link BatchLoss}.
 *
 * <p>A spec knows nothing of weights, masks, ignored labels, reductions, data types or layouts: those are added by
 * {@link io.loss4j.LossFunction}, for every loss alike. Implementations are records, so that equality, Java
 * serialisation and JSON follow from the parameters.
 */
public interface LossSpec extends Serializable {
    /** The id, version and parameters under which this kind of loss is registered and saved. */
    LossType<?> type();

    /** The id, for example {@code softmax_cross_entropy}. */
    default String id() {
        return type().id();
    }

    /** What the predictions of a classification loss are; null: any numbers. */
    default @Nullable InputForm input() {
        return null;
    }

    /** The activation of the output layer that this loss belongs behind; its logits are what comes before that. */
    default Activation activation() {
        return Activation.ANY;
    }

    /**
     * The loss that gives the same from logits as this one does from what an activation makes of them. Exact where a
     * probability would round to 0 or 1, so adapters that have the logits prefer it. Null: none is known.
     *
     * @param activation SIGMOID or SOFTMAX
     */
    default @Nullable LossSpec overLogits(Activation activation) {
        return input() == InputForm.LOGITS && activation() == activation ? this : null;
    }

    /**
     * The loss of one of the four shapes that computes this one for predictions of so many columns: itself, unless its
     * parameters decide which shape it has. May be a {@link Scaled} of such a loss.
     */
    default LossSpec formula(int columns) {
        return this;
    }
}
