package io.loss4j.examples.training;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
        int classes = probabilities[0].length;
        double[][] oneHot = new double[labels.length][classes];
        long[] counts = new long[classes];
        for (int i = 0; i < labels.length; i++) {
            oneHot[i][labels[i]] = 1;
            counts[labels[i]]++;
        }
        INDArray predicted = Nd4j.create(probabilities).castTo(DataType.DOUBLE);
        INDArray truth = Nd4j.create(oneHot).castTo(DataType.DOUBLE);
        Evaluation evaluation = new Evaluation(classes);
        evaluation.eval(truth, predicted);
        RegressionEvaluation squares = new RegressionEvaluation(classes);
        squares.eval(truth, predicted);

        List<PerClass> perClass = IntStream.range(0, classes)
                .mapToObj(k -> new PerClass(counts[k], evaluation.precision(k), evaluation.recall(k), evaluation.f1(k)))
                .toList();
        int[] present = IntStream.range(0, classes).filter(k -> counts[k] > 0).toArray();
        int[] judged = classes == 2 ? new int[] {rarer(counts)} : present;
        Ranking[] rankings = new Ranking[classes];
        for (int k : judged) {
            rankings[k] = ranking(probabilities, labels, k);
        }
        return new Scores(
                perClass,
                mean(present, evaluation::recall),
                mean(judged, k -> rankings[k].precisionRecallArea()),
                mean(judged, k -> rankings[k].rocArea()),
                mean(judged, squares::meanSquaredError));
    }

    /** Of two classes the one with fewer examples in the test part; the second if they are equally many. */
    int rarer() {
        return rarer(perClass.stream().mapToLong(PerClass::examples).toArray());
    }

    private static int rarer(long[] counts) {
        return counts[0] < counts[1] ? 0 : 1;
    }

    private static Ranking ranking(double[][] probabilities, int[] labels, int k) {
        boolean[] positive = new boolean[labels.length];
        double[] scores = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            positive[i] = labels[i] == k;
            scores[i] = probabilities[i][k];
        }
        return Ranking.of(scores, positive);
    }

    private static double mean(int[] classes, IntToDoubleFunction score) {
        return Arrays.stream(classes).mapToDouble(score).average().orElse(Double.NaN);
    }
}
