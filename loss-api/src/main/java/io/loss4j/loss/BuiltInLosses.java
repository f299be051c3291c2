package io.loss4j.loss;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The losses that come with Loss4J. */
public final class BuiltInLosses implements LossProvider {
    private static final List<LossType<?>> CLASSES = List.of(
            SoftmaxCrossEntropy.TYPE,
            SoftmaxFocal.TYPE,
            LogitAdjustedCrossEntropy.TYPE,
            Ldam.TYPE,
            Poly1CrossEntropy.TYPE,
            GeneralizedCrossEntropy.TYPE,
            TruncatedGeneralizedCrossEntropy.TYPE,
            SymmetricCrossEntropy.TYPE,
            MaeProbability.TYPE,
            NormalizedCrossEntropy.TYPE,
            ActivePassive.TYPE,
            BootstrapSoft.TYPE,
            BootstrapHard.TYPE,
            Seesaw.TYPE,
            AsymmetricSingleLabel.TYPE,
            BiTemperedLogistic.TYPE,
            Sparsemax.TYPE);

    private static final List<LossType<?>> YES_OR_NO = List.of(
            SigmoidCrossEntropy.TYPE,
            SigmoidFocal.TYPE,
            AsymmetricLoss.TYPE,
            Poly1SigmoidFocal.TYPE,
            PenaltyReducedFocal.TYPE,
            MultilabelSoftMargin.TYPE,
            MultilabelRanking.TYPE);

    private static final List<LossType<?>> PROBABILITIES = List.of(
            CrossEntropy.TYPE,
            NegativeLogLikelihood.TYPE,
            BinaryCrossEntropy.TYPE,
            KlDivergence.TYPE,
            JsDivergence.TYPE);

    private static final List<LossType<?>> MARGINS = List.of(
            MultiMargin.TYPE,
            CategoricalHinge.TYPE,
            MultilabelMargin.TYPE,
            Hinge.TYPE,
            SquaredHinge.TYPE,
            SoftMargin.TYPE,
            Perceptron.TYPE);

    private static final List<LossType<?>> REGRESSION = List.of(
            MeanSquaredError.TYPE,
            MeanAbsoluteError.TYPE,
            Huber.TYPE,
            SmoothL1.TYPE,
            LogCosh.TYPE,
            Quantile.TYPE,
            EpsilonInsensitive.TYPE,
            MeanAbsolutePercentageError.TYPE,
            MeanSquaredLogarithmicError.TYPE,
            PoissonNll.TYPE,
            GammaNll.TYPE,
            Tweedie.TYPE,
            Cauchy.TYPE,
            Charbonnier.TYPE,
            GemanMcclure.TYPE,
            Welsch.TYPE,
            Wasserstein.TYPE,
            GaussianNll.TYPE,
            MixtureDensity.TYPE,
            CosineProximity.TYPE);

    private static final List<LossType<?>> OVERLAP = List.of(
            Dice.TYPE,
            Jaccard.TYPE,
            Tversky.TYPE,
            FocalTversky.TYPE,
            GeneralizedDice.TYPE,
            LovaszHinge.TYPE,
            LovaszSoftmax.TYPE,
            FMeasure.TYPE,
            MatthewsCorrelation.TYPE);

    private static final List<LossType<?>> COMPOSITION = List.of(WeightedSum.TYPE, Scaled.TYPE, PerOutputMean.TYPE);

    /** For the service loader. */
    public BuiltInLosses() {}

    /** The losses by what they are for. */
    public static Map<String, List<LossType<?>>> families() {
        Map<String, List<LossType<?>>> families = new LinkedHashMap<>();
        families.put("Classes that exclude each other", CLASSES);
        families.put("Yes or no, of each output", YES_OR_NO);
        families.put("From probabilities", PROBABILITIES);
        families.put("Margins", MARGINS);
        families.put("Regression", REGRESSION);
        families.put("Overlap", OVERLAP);
        families.put("Composition", COMPOSITION);
        return Collections.unmodifiableMap(families);
    }

    @Override
    public Collection<LossType<?>> losses() {
        return families().values().stream().flatMap(List::stream).toList();
    }
}
