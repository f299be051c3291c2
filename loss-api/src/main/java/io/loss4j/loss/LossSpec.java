package io.loss4j.loss;

import java.io.Serializable;

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
}
