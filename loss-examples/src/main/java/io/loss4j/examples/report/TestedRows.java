package io.loss4j.examples.report;

import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.dl4j.metric.Predictions;
import io.loss4j.examples.comparison.CandidateResult;
import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.comparison.Fit;
import java.util.Arrays;

/** The tested rows of all fits of a candidate together: with n repeats every row is there n times. */
final class TestedRows {
    private TestedRows() {}

    static Predictions probabilities(Comparison comparison, CandidateResult result) {
        double[][] probabilities = new double[count(result)][];
        int[] labels = labels(comparison, result);
        int at = 0;
        for (Fit fit : result.fits()) {
            for (float[] row : fit.probabilities()) {
                double[] wide = new double[row.length];
                for (int k = 0; k < row.length; k++) {
                    wide[k] = row[k];
                }
                probabilities[at++] = wide;
            }
        }
        return Predictions.of(probabilities, labels);
    }

    static ConfusionMatrix answers(Comparison comparison, CandidateResult result) {
        int[] answers = result.fits().stream()
                .flatMapToInt(fit -> Arrays.stream(fit.predicted()))
                .toArray();
        return ConfusionMatrix.of(comparison.classes().size(), labels(comparison, result), answers);
    }

    private static int[] labels(Comparison comparison, CandidateResult result) {
        return result.fits().stream()
                .flatMapToInt(fit -> Arrays.stream(fit.rows()))
                .map(row -> comparison.labels()[row])
                .toArray();
    }

    private static int count(CandidateResult result) {
        return result.fits().stream().mapToInt(fit -> fit.rows().length).sum();
    }
}
