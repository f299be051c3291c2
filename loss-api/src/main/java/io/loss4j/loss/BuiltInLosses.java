package io.loss4j.loss;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** The losses that come with Loss4J. */
public final class BuiltInLosses implements LossProvider {
    private static final List<LossType<?>> CLASSES =
            List.of(SoftmaxCrossEntropy.TYPE, SoftmaxFocal.TYPE, LogitAdjustedCrossEntropy.TYPE, Ldam.TYPE);

    private static final List<LossType<?>> YES_OR_NO =
            List.of(SigmoidCrossEntropy.TYPE, SigmoidFocal.TYPE, AsymmetricLoss.TYPE);

    private static final List<LossType<?>> PROBABILITIES =
            List.of(CrossEntropy.TYPE, NegativeLogLikelihood.TYPE, BinaryCrossEntropy.TYPE, KlDivergence.TYPE);

    private static final List<LossType<?>> MARGINS = List.of(MultiMargin.TYPE);

    private static final List<LossType<?>> REGRESSION =
            List.of(MeanSquaredError.TYPE, MeanAbsoluteError.TYPE, Huber.TYPE);

    private static final List<LossType<?>> OVERLAP = List.of(FMeasure.TYPE);

    private static final List<LossType<?>> COMPOSITION = List.of(WeightedSum.TYPE, Scaled.TYPE);

    /** For the service loader. */
    public BuiltInLosses() {}

    @Override
    public Collection<LossType<?>> losses() {
        List<LossType<?>> all = new ArrayList<>();
        List.of(CLASSES, YES_OR_NO, PROBABILITIES, MARGINS, REGRESSION, OVERLAP, COMPOSITION)
                .forEach(all::addAll);
        return Collections.unmodifiableList(all);
    }
}
