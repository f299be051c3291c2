package io.loss4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss and its gradient, from one pass over the data.
 *
 * @param value the reduced loss; under {@link Reduction#NONE} the sum of the terms
 * @param gradient the derivative of {@code value} by the predictions, in their data type and shape
 * @param terms under {@link Reduction#NONE} the unreduced terms, else null
 * @param classes the loss by class, from {@link LossFunction#diagnose}, else null
 */
public record LossResult(
        double value,
        INDArray gradient,
        @Nullable INDArray terms,
        @Nullable ClassReport classes) {
    /** Without a report by class. */
    public LossResult(double value, INDArray gradient, @Nullable INDArray terms) {
        this(value, gradient, terms, null);
    }
}
