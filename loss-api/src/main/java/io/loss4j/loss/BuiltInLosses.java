package io.loss4j.loss;

import java.util.Collection;
import java.util.List;

/** The losses that come with Loss4J. */
public final class BuiltInLosses implements LossProvider {
    /** For the service loader. */
    public BuiltInLosses() {}

    @Override
    public Collection<LossType<?>> losses() {
        return List.of(
                SoftmaxCrossEntropy.TYPE,
                SoftmaxFocal.TYPE,
                LogitAdjustedCrossEntropy.TYPE,
                Ldam.TYPE,
                CrossEntropy.TYPE,
                NegativeLogLikelihood.TYPE,
                SigmoidCrossEntropy.TYPE,
                SigmoidFocal.TYPE,
                AsymmetricLoss.TYPE,
                BinaryCrossEntropy.TYPE,
                KlDivergence.TYPE,
                MeanSquaredError.TYPE,
                MeanAbsoluteError.TYPE,
                Huber.TYPE,
                MultiMargin.TYPE,
                FMeasure.TYPE);
    }
}
