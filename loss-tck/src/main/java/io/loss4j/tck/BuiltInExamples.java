package io.loss4j.tck;

import io.loss4j.loss.AbsentClasses;
import io.loss4j.loss.Activation;
import io.loss4j.loss.ActivePassive;
import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.AsymmetricSingleLabel;
import io.loss4j.loss.BiTemperedLogistic;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.BootstrapHard;
import io.loss4j.loss.BootstrapSoft;
import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.CategoricalHinge;
import io.loss4j.loss.Cauchy;
import io.loss4j.loss.Charbonnier;
import io.loss4j.loss.CosineProximity;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.Dice;
import io.loss4j.loss.EpsilonInsensitive;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.FocalTversky;
import io.loss4j.loss.GammaNll;
import io.loss4j.loss.GaussianNll;
import io.loss4j.loss.GemanMcclure;
import io.loss4j.loss.GeneralizedCrossEntropy;
import io.loss4j.loss.GeneralizedDice;
import io.loss4j.loss.Hinge;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Jaccard;
import io.loss4j.loss.JsDivergence;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.LovaszHinge;
import io.loss4j.loss.LovaszSoftmax;
import io.loss4j.loss.MaeProbability;
import io.loss4j.loss.MarginLabels;
import io.loss4j.loss.MatthewsCorrelation;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanAbsolutePercentageError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MeanSquaredLogarithmicError;
import io.loss4j.loss.MixtureDensity;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.MultilabelMargin;
import io.loss4j.loss.MultilabelRanking;
import io.loss4j.loss.MultilabelSoftMargin;
import io.loss4j.loss.NegativeLogLikelihood;
import io.loss4j.loss.NormalizedCrossEntropy;
import io.loss4j.loss.OverlapAxis;
import io.loss4j.loss.PenaltyReducedFocal;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.PerOutputMean;
import io.loss4j.loss.Perceptron;
import io.loss4j.loss.PoissonNll;
import io.loss4j.loss.Poly1CrossEntropy;
import io.loss4j.loss.Poly1SigmoidFocal;
import io.loss4j.loss.Quantile;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.Seesaw;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SmoothL1;
import io.loss4j.loss.SoftCounts;
import io.loss4j.loss.SoftMargin;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.Sparsemax;
import io.loss4j.loss.SquaredHinge;
import io.loss4j.loss.SymmetricCrossEntropy;
import io.loss4j.loss.TruncatedGeneralizedCrossEntropy;
import io.loss4j.loss.Tversky;
import io.loss4j.loss.Tweedie;
import io.loss4j.loss.VolumeWeights;
import io.loss4j.loss.Wasserstein;
import io.loss4j.loss.WeightedSum;
import io.loss4j.loss.Welsch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The losses of Loss4J with the parameters for which kernels take different ways. */
final class BuiltInExamples {
    private static final Range SIGNS = new Range(-1, 1);
    private static final Range POSITIVE = new Range(0, Double.POSITIVE_INFINITY);
    /** Up to e^10: the largest power whose gradient HALF can hold. */
    private static final Range LOG_RATES = new Range(Double.NEGATIVE_INFINITY, 10);
    /** Down to e^-8, for the reciprocal of a mean times a label. */
    private static final Range LOG_MEANS = new Range(-8, Double.POSITIVE_INFINITY);

    private static final Range EITHER = new Range(-8, 8);

    private BuiltInExamples() {}

    static List<LossExample> all() {
        List<LossExample> examples = new ArrayList<>();
        List.of(classes(), yesOrNo(), probabilities(), margins(), regression(), overlap(), composition())
                .forEach(examples::addAll);
        for (LossType<?> type : new BuiltInLosses().losses()) {
            boolean listed =
                    examples.stream().anyMatch(e -> e.spec().apply(2).id().equals(type.id()));
            if (!listed) {
                examples.add(LossExample.of(type.create(Map.of())));
            }
        }
        return examples;
    }

    private static List<LossExample> classes() {
        return List.of(
                LossExample.of(new SoftmaxCrossEntropy()),
                // 0, 1 and 2 have shortcuts; a fraction has none; one per class
                LossExample.of(new SoftmaxFocal(0)),
                LossExample.of(new SoftmaxFocal(1)),
                LossExample.of(new SoftmaxFocal(2)),
                LossExample.of(new SoftmaxFocal(2.5)),
                LossExample.of("softmax_focal per class", k -> new SoftmaxFocal(perColumn(k, 0.5), InputForm.LOGITS)),
                LossExample.of(new SoftmaxFocal(PerColumn.all(2), InputForm.PROBABILITIES)),
                LossExample.of(new SoftmaxFocal(PerColumn.all(1.5), InputForm.LOG_PROBABILITIES)),
                LossExample.of(
                        "logit_adjusted_cross_entropy", k -> new LogitAdjustedCrossEntropy(perColumn(k, 3), 1.5)),
                LossExample.of("ldam", k -> new Ldam(perColumn(k, 3))),
                LossExample.of("ldam scale 4", k -> new Ldam(perColumn(k, 3), 1, 4)),
                LossExample.of(new Poly1CrossEntropy(1.5)),
                LossExample.of(new Poly1CrossEntropy(-1)),
                LossExample.of(new GeneralizedCrossEntropy(0.7)),
                LossExample.of(new GeneralizedCrossEntropy(0.4, InputForm.PROBABILITIES)),
                LossExample.of(new GeneralizedCrossEntropy(1, InputForm.LOG_PROBABILITIES)),
                LossExample.of(new TruncatedGeneralizedCrossEntropy(0.7, 0.2)),
                LossExample.of(new SymmetricCrossEntropy()),
                LossExample.of(new MaeProbability()),
                LossExample.of(new NormalizedCrossEntropy()),
                LossExample.of(new ActivePassive(ActivePassive.Active.NCE, ActivePassive.Passive.RCE)),
                LossExample.of(new ActivePassive(ActivePassive.Active.NFL, ActivePassive.Passive.MAE, 2, 3, 0.5, -4)),
                LossExample.of(new BootstrapSoft(0.8)),
                LossExample.of(new BootstrapHard(0.7)),
                LossExample.of("seesaw", k -> new Seesaw(perColumn(k, 0), 0.8, 2, 0.01)),
                LossExample.of(new AsymmetricSingleLabel()),
                LossExample.of(new AsymmetricSingleLabel(1, 0, 0, 0.7)),
                LossExample.of(new AsymmetricSingleLabel(0, 4, 0.1, 1)),
                LossExample.of(new BiTemperedLogistic(0.8, 1.2)),
                LossExample.of(new BiTemperedLogistic(1, 2, false)),
                LossExample.of(new BiTemperedLogistic(0.7, 1)),
                LossExample.of(new Sparsemax()));
    }

    private static List<LossExample> yesOrNo() {
        return List.of(
                LossExample.of(new SigmoidCrossEntropy()),
                LossExample.of(new SigmoidFocal(0.25, 2)),
                LossExample.of(new SigmoidFocal(null, 0, InputForm.LOGITS)),
                LossExample.of(new SigmoidFocal(0.4, 1)),
                LossExample.of(new SigmoidFocal(null, 0.5, InputForm.LOGITS)),
                LossExample.of(new SigmoidFocal(0.25, 3.5)),
                LossExample.of(new SigmoidFocal(0.25, 2, InputForm.PROBABILITIES)),
                LossExample.of(new AsymmetricLoss()),
                LossExample.of(new AsymmetricLoss(0, 0, 0)),
                LossExample.of(new AsymmetricLoss(1, 2.5, 0.2)),
                LossExample.of(new Poly1SigmoidFocal()),
                LossExample.of(new Poly1SigmoidFocal(0.25, 0, -0.5)),
                LossExample.of(new Poly1SigmoidFocal(null, 1.5, 0)),
                LossExample.of(new PenaltyReducedFocal()),
                LossExample.of(new PenaltyReducedFocal(0, 0)),
                LossExample.of(new PenaltyReducedFocal(1.5, 3)),
                LossExample.of(new PenaltyReducedFocal(2, 4, InputForm.PROBABILITIES)),
                LossExample.of(new MultilabelSoftMargin()),
                LossExample.of(new MultilabelRanking()));
    }

    private static List<LossExample> probabilities() {
        return List.of(
                LossExample.of(new CrossEntropy()),
                LossExample.of(new CrossEntropy(0.05)),
                LossExample.of(new NegativeLogLikelihood()),
                LossExample.of(new BinaryCrossEntropy()),
                LossExample.of(new BinaryCrossEntropy(0.05)),
                LossExample.of(new KlDivergence())
                        .withPredictions(Range.LOG_PROBABILITIES)
                        .withLabels(Range.PROBABILITIES),
                LossExample.of(new KlDivergence(InputForm.LOG_PROBABILITIES, true))
                        .withPredictions(Range.LOG_PROBABILITIES)
                        .withLabels(Range.LOG_PROBABILITIES),
                LossExample.of(new KlDivergence(InputForm.PROBABILITIES))
                        .withPredictions(Range.PROBABILITIES)
                        .withLabels(Range.PROBABILITIES),
                LossExample.of(new JsDivergence())
                        .withPredictions(Range.PROBABILITIES)
                        .withLabels(Range.PROBABILITIES));
    }

    private static List<LossExample> margins() {
        List<LossExample> examples = new ArrayList<>(List.of(
                LossExample.of(new MultiMargin()),
                LossExample.of(new MultiMargin(2, 0.7)),
                LossExample.of(new CategoricalHinge()),
                LossExample.of(new CategoricalHinge(true)),
                LossExample.of(new MultilabelMargin())));
        for (MarginLabels labels : MarginLabels.values()) {
            Range range = labels == MarginLabels.SIGNED ? SIGNS : Range.PROBABILITIES;
            for (LossSpec loss : List.of(
                    new Hinge(labels), new SquaredHinge(labels), new SoftMargin(labels), new Perceptron(labels))) {
                examples.add(LossExample.of(loss).withLabels(range));
            }
        }
        examples.add(LossExample.of(new CategoricalHinge()));
        examples.add(LossExample.of(new CategoricalHinge(true)));
        examples.add(LossExample.of(new MultilabelMargin()));
        return examples;
    }

    private static List<LossExample> regression() {
        return List.of(
                LossExample.of(new MeanSquaredError()),
                LossExample.of(new MeanAbsoluteError()),
                LossExample.of(new Huber(1)),
                LossExample.of(new Huber(2.5)),
                LossExample.of(new SmoothL1()),
                LossExample.of(new SmoothL1(0)),
                LossExample.of(new SmoothL1(2.5)),
                LossExample.of(new LogCosh()),
                LossExample.of(new Quantile(0.9)),
                LossExample.of("quantile per column", k -> new Quantile(quantiles(k))),
                LossExample.of(new EpsilonInsensitive()),
                LossExample.of(new EpsilonInsensitive(0)),
                LossExample.of(new MeanAbsolutePercentageError()).withLabels(POSITIVE),
                LossExample.of(new MeanAbsolutePercentageError(1.5)),
                LossExample.of(new MeanSquaredLogarithmicError())
                        .withPredictions(new Range(-1, Double.POSITIVE_INFINITY))
                        .withLabels(POSITIVE),
                LossExample.of(new MeanSquaredLogarithmicError(0.5)).withLabels(POSITIVE),
                LossExample.of(new PoissonNll()).withPredictions(LOG_RATES).withLabels(POSITIVE),
                LossExample.of(new PoissonNll(true, true, 0))
                        .withPredictions(LOG_RATES)
                        .withLabels(POSITIVE),
                LossExample.of(new PoissonNll(false)).withPredictions(POSITIVE).withLabels(POSITIVE),
                LossExample.of(new PoissonNll(false, true, 1e-3))
                        .withPredictions(POSITIVE)
                        .withLabels(POSITIVE),
                LossExample.of(new GammaNll()).withPredictions(LOG_MEANS).withLabels(POSITIVE),
                LossExample.of(new Tweedie(1)).withPredictions(LOG_RATES).withLabels(POSITIVE),
                LossExample.of(new Tweedie(1.3)).withPredictions(EITHER).withLabels(POSITIVE),
                LossExample.of(new Tweedie(2)).withPredictions(LOG_MEANS).withLabels(POSITIVE),
                LossExample.of(new Cauchy()),
                LossExample.of(new Cauchy(2.5)),
                LossExample.of(new Charbonnier()),
                LossExample.of(new Charbonnier(2.5)),
                LossExample.of(new GemanMcclure()),
                LossExample.of(new GemanMcclure(2.5)),
                LossExample.of(new Welsch()),
                LossExample.of(new Welsch(2.5)),
                LossExample.of(new Wasserstein()).withLabels(SIGNS),
                LossExample.of(new CosineProximity()),
                LossExample.of(new GaussianNll(true, 0.01)).withColumnsInStepsOf(2),
                LossExample.of("mixture_density of numbers", k -> new MixtureDensity(Math.max(1, k / 3), 1, 0.01))
                        .withColumnsInStepsOf(3),
                LossExample.of("mixture_density of pairs", k -> new MixtureDensity(Math.max(1, k / 4), 2, 0.01))
                        .withColumnsInStepsOf(4));
    }

    private static List<LossExample> overlap() {
        InputForm p = InputForm.PROBABILITIES;
        InputForm z = InputForm.LOGITS;
        Activation any = Activation.ANY;
        Activation sigmoid = Activation.SIGMOID;
        Activation softmax = Activation.SOFTMAX;
        return List.of(
                // every axis, form of predictions and count at least once, not with every loss: they share them
                LossExample.of(new Dice()),
                LossExample.of(new Dice(OverlapAxis.ROW, z, softmax)),
                LossExample.of(new Dice(OverlapAxis.BATCH, SoftCounts.SQUARED, 1, 1, AbsentClasses.COUNT, z, sigmoid)),
                LossExample.of(new Jaccard(OverlapAxis.CLASS, z, softmax)),
                LossExample.of(new Jaccard(OverlapAxis.ROW, SoftCounts.PRODUCT, 0, 0, AbsentClasses.FREE, z, sigmoid)),
                LossExample.of(new Tversky(
                        0.3, 0.7, OverlapAxis.CLASS, SoftCounts.MINIMUM, 0.1, 0.2, AbsentClasses.SKIP, p, any)),
                LossExample.of(new FocalTversky(0.3, 0.7, 1.5, OverlapAxis.BATCH, z, softmax)),
                LossExample.of(new FocalTversky(0.4, 0.6, 0.75)),
                LossExample.of(new GeneralizedDice()),
                LossExample.of(new GeneralizedDice(VolumeWeights.SIMPLE, z, softmax)),
                LossExample.of(new LovaszHinge()),
                LossExample.of(new LovaszHinge(OverlapAxis.ROW)),
                LossExample.of(new LovaszHinge(OverlapAxis.CLASS)),
                LossExample.of(new LovaszSoftmax()),
                LossExample.of(new LovaszSoftmax(OverlapAxis.ROW, AbsentClasses.FREE, z, sigmoid)),
                LossExample.of(new LovaszSoftmax(OverlapAxis.CLASS, AbsentClasses.COUNT, z, softmax)),
                LossExample.of(new FMeasure()).withAtMostColumns(2),
                LossExample.of(new FMeasure(2)).withAtMostColumns(2),
                LossExample.of(new FMeasure(2, OverlapAxis.BATCH, z, softmax)).withAtMostColumns(2),
                LossExample.of(new FMeasure(0.7, OverlapAxis.BATCH, z, sigmoid)).withAtMostColumns(2),
                LossExample.of(new FMeasure(0.5, OverlapAxis.CLASS, z, sigmoid)),
                LossExample.of(new MatthewsCorrelation()),
                LossExample.of(new MatthewsCorrelation(1e-5, OverlapAxis.CLASS, z, softmax)));
    }

    private static List<LossExample> composition() {
        return List.of(
                LossExample.of(
                        "weighted_sum over a softmax",
                        k -> new WeightedSum(
                                List.of(new SoftmaxCrossEntropy(), new Scaled(3, new MaeProbability())),
                                PerColumn.of(0.5, 2))),
                LossExample.of("weighted_sum of rows", k -> new WeightedSum(new MultiMargin(), new CategoricalHinge())),
                LossExample.of("weighted_sum of columns", k -> new WeightedSum(new MeanSquaredError(), new Huber(2))),
                LossExample.of(
                        "weighted_sum of overlap and cross-entropy",
                        k -> new WeightedSum(
                                new Dice(OverlapAxis.CLASS, InputForm.LOGITS, Activation.SOFTMAX),
                                new SoftmaxCrossEntropy())),
                LossExample.of("scaled rows", k -> new Scaled(2.5, new NormalizedCrossEntropy())),
                LossExample.of("scaled columns", k -> new Scaled(0.25, new SigmoidCrossEntropy())),
                LossExample.of("per_output_mean of columns", k -> new PerOutputMean(new LogCosh())));
    }

    private static PerColumn quantiles(int columns) {
        double[] values = new double[columns];
        Arrays.setAll(values, k -> 0.1 + 0.2 * (k % 5));
        return PerColumn.of(values);
    }

    /** Different numbers, none below the first. */
    private static PerColumn perColumn(int columns, double first) {
        double[] values = new double[columns];
        Arrays.setAll(values, k -> first + k % 7);
        return PerColumn.of(values);
    }
}
