package io.loss4j.tck;

import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LossType;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.NegativeLogLikelihood;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The losses of Loss4J with the parameters for which kernels take different ways. */
final class BuiltInExamples {
    private BuiltInExamples() {}

    static List<LossExample> all() {
        List<LossExample> examples = new ArrayList<>();
        List.of(classes(), yesOrNo(), probabilities(), margins(), regression(), overlap())
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
                LossExample.of("ldam scale 4", k -> new Ldam(perColumn(k, 3), 1, 4)));
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
                LossExample.of(new AsymmetricLoss(1, 2.5, 0.2)));
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
                        .withLabels(Range.PROBABILITIES));
    }

    private static List<LossExample> margins() {
        return List.of(LossExample.of(new MultiMargin()), LossExample.of(new MultiMargin(2, 0.7)));
    }

    private static List<LossExample> regression() {
        return List.of(
                LossExample.of(new MeanSquaredError()),
                LossExample.of(new MeanAbsoluteError()),
                LossExample.of(new Huber(1)),
                LossExample.of(new Huber(2.5)));
    }

    private static List<LossExample> overlap() {
        return List.of(
                LossExample.of(new FMeasure()).withAtMostColumns(2),
                LossExample.of(new FMeasure(2)).withAtMostColumns(2));
    }

    /** Different numbers, none below the first. */
    private static PerColumn perColumn(int columns, double first) {
        double[] values = new double[columns];
        Arrays.setAll(values, k -> first + k % 7);
        return PerColumn.of(values);
    }
}
