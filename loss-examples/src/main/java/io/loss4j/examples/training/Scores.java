package io.loss4j.examples.training;

import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.dl4j.metric.Metric;
import io.loss4j.dl4j.metric.Predictions;
import io.loss4j.dl4j.metric.Ranking;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well predicted probabilities fit the true classes of a test part. What is averaged over classes is averaged over
 * those that occur in it. With two classes, the areas and the Brier score are those of the rarer class; with more, the
 * mean of one class against the rest.
 *
 * @param perClass one entry per class, in the order of their indices
 * @param balancedAccuracy mean recall
 * @param precisionRecallArea average precision
 * @param rocArea area under the ROC curve
 * @param brier mean squared difference of probability and truth
 */
public record Scores(
        List<PerClass> perClass, double balancedAccuracy, double precisionRecallArea, double rocArea, double brier) {
    /**
     * One class.
     *
     * @param examples how many of the test part are in it
     * @param precision the part of those predicted to be in it that are; 0 if none is predicted
     * @param recall the part of those in it that are predicted to be
     * @param f1 their harmonic mean
     */
    public record PerClass(long examples, double precision, double recall, double f1) {}

    /**
     * @param probabilities one row per example, one column per class
     * @param labels the index of the class of every example
     */
    static Scores of(double[][] probabilities, int[] labels) {
        Predictions predictions = Predictions.of(probabilities, labels);
        ConfusionMatrix matrix = ConfusionMatrix.of(predictions);
        int classes = predictions.classes();
        long[] counts = IntStream.range(0, classes).mapToLong(matrix::actual).toArray();
        List<PerClass> perClass = IntStream.range(0, classes)
                .mapToObj(k -> new PerClass(
                        counts[k], orZero(matrix.precision(k)), orZero(matrix.recall(k)), orZero(matrix.f1(k))))
                .toList();
        int[] present = IntStream.range(0, classes).filter(k -> counts[k] > 0).toArray();
        int[] judged = classes == 2 ? new int[] {rarer(counts)} : present;
        Ranking[] rankings = new Ranking[classes];
        for (int k : judged) {
            rankings[k] = Ranking.of(predictions, k);
        }
        return new Scores(
                perClass,
                matrix.balancedAccuracy(),
                mean(judged, k -> rankings[k].averagePrecision()),
                mean(judged, k -> rankings[k].rocArea()),
                mean(judged, k -> Metric.brier(k).of(predictions)));
    }

    /** Of a class that does not occur. */
    private static double orZero(double score) {
        return Double.isNaN(score) ? 0 : score;
    }

    /** Of two classes the one with fewer examples in the test part; the second if they are equally many. */
    int rarer() {
        return rarer(perClass.stream().mapToLong(PerClass::examples).toArray());
    }

    private static int rarer(long[] counts) {
        return counts[0] < counts[1] ? 0 : 1;
    }

    private static double mean(int[] classes, IntToDoubleFunction score) {
        return Arrays.stream(classes).mapToDouble(score).average().orElse(Double.NaN);
    }
}
