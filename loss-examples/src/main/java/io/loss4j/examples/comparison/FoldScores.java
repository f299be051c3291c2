package io.loss4j.examples.comparison;

import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.dl4j.metric.Metric;
import io.loss4j.dl4j.metric.Predictions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The measures of every fit of a comparison, each computed from the tested rows of that fit alone. */
final class FoldScores {
    private final Comparison comparison;
    /** Of two classes the rarer one, whose areas are measured; -1: all classes. */
    private final int rarer;

    FoldScores(Comparison comparison) {
        this.comparison = comparison;
        long[] counts = comparison.counts();
        this.rarer = counts.length > 2 ? -1 : counts[0] < counts[1] ? 0 : 1;
    }

    /** One number per fit, by measure. */
    Map<Measure, double[]> of(CandidateResult result) {
        Map<Measure, double[]> scores = new EnumMap<>(Measure.class);
        List<Fit> fits = result.fits();
        for (Measure measure : Measure.values()) {
            scores.put(measure, new double[fits.size()]);
        }
        for (int i = 0; i < fits.size(); i++) {
            int at = i;
            of(fits.get(i)).forEach((measure, score) -> Objects.requireNonNull(scores.get(measure))[at] = score);
        }
        return scores;
    }

    private Map<Measure, Double> of(Fit fit) {
        int classes = comparison.classes().size();
        int[] labels = new int[fit.rows().length];
        double[][] probabilities = new double[labels.length][classes];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = comparison.labels()[fit.rows()[i]];
            for (int k = 0; k < classes; k++) {
                probabilities[i][k] = fit.probabilities()[i][k];
            }
        }
        ConfusionMatrix confusion = ConfusionMatrix.of(classes, labels, fit.predicted());
        Predictions predictions = Predictions.of(probabilities, labels);
        Map<Measure, Double> scores = new EnumMap<>(Measure.class);
        scores.put(Measure.BALANCED_ACCURACY, confusion.balancedAccuracy());
        scores.put(Measure.MACRO_F1, confusion.macroF1());
        scores.put(
                Measure.PR_AUC,
                (rarer < 0 ? Metric.macroAveragePrecision() : Metric.averagePrecision(rarer)).of(predictions));
        scores.put(Measure.ROC_AUC, (rarer < 0 ? Metric.macroRocArea() : Metric.rocArea(rarer)).of(predictions));
        scores.put(Measure.MATTHEWS, confusion.matthewsCorrelation());
        scores.put(Measure.ACCURACY, confusion.accuracy());
        return scores;
    }
}
