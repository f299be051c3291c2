package io.loss4j.dl4j.metric;

import io.loss4j.error.LossInputException;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One number that says how good predictions are. Any lambda is one; those that exist by name are here. They must give
 * the same number for the same predictions and be callable by several threads.
 *
 * <pre>{@code
 * double mcc = Metric.matthewsCorrelation().of(probabilities, labels);
 * Interval interval = Bootstrap.of(42).interval(Metric.averagePrecision(1), Predictions.of(probabilities, labels));
 * }</pre>
 *
 * <p>Where a number is not defined (the recall of a class that does not occur, any area without a row of the class) it is
 * NaN; means over classes are taken over those where it is defined. The values are those of scikit-learn, unless said
 * otherwise.
 */
@FunctionalInterface
public interface Metric {
    /** The number. */
    double of(Predictions predictions);

    /** The same from arrays: N rows with one score per class, and N class indices. */
    default double of(double[][] scores, int[] labels) {
        return of(Predictions.of(scores, labels));
    }

    /** The same from the output of a network and its labels, see {@link Predictions#of(INDArray, INDArray, INDArray)}. */
    default double of(INDArray scores, INDArray labels) {
        return of(Predictions.of(scores, labels));
    }

    /** The part of the rows whose class is predicted. */
    static Metric accuracy() {
        return p -> ConfusionMatrix.of(p).accuracy();
    }

    /** Mean recall of the classes that occur. */
    static Metric balancedAccuracy() {
        return p -> ConfusionMatrix.of(p).balancedAccuracy();
    }

    /** Mean F1 of the classes that occur or are predicted. */
    static Metric macroF1() {
        return p -> ConfusionMatrix.of(p).macroF1();
    }

    /** Correlation of predicted and true class, from -1 to 1, see {@link ConfusionMatrix#matthewsCorrelation}. */
    static Metric matthewsCorrelation() {
        return p -> ConfusionMatrix.of(p).matthewsCorrelation();
    }

    /** Geometric mean of the recalls of the classes that occur: 0 as soon as one class is never found. */
    static Metric geometricMean() {
        return p -> ConfusionMatrix.of(p).geometricMean();
    }

    /** The part of the rows of a class that is predicted. */
    static Metric recall(int k) {
        return p -> ConfusionMatrix.of(p).recall(inRange(k, p));
    }

    /** The part of the rows predicted to be of a class that is. */
    static Metric precision(int k) {
        return p -> ConfusionMatrix.of(p).precision(inRange(k, p));
    }

    /** F-beta of one class; beta = 2 counts recall more than precision, 1 is F1. */
    static Metric fBeta(int k, double beta) {
        return p -> ConfusionMatrix.of(p).fBeta(inRange(k, p), beta);
    }

    /** Area under the precision-recall curve of a class against the rest, as average precision. */
    static Metric averagePrecision(int k) {
        return p -> Ranking.of(p, k).averagePrecision();
    }

    /** Mean of {@link #averagePrecision(int)} over the classes that occur. */
    static Metric macroAveragePrecision() {
        return p -> mean(p.classes(), k -> Ranking.of(p, k).averagePrecision());
    }

    /** Area under the ROC curve of a class against the rest. */
    static Metric rocArea(int k) {
        return p -> Ranking.of(p, k).rocArea();
    }

    /** Mean of {@link #rocArea(int)} over the classes that occur. */
    static Metric macroRocArea() {
        return p -> mean(p.classes(), k -> Ranking.of(p, k).rocArea());
    }

    /**
     * -1/N sum_i ln p_i, where p_i is the probability of the true class of row i, from 2.2e-16 on. Less is better. Wants
     * probabilities that sum to 1.
     */
    static Metric logLoss() {
        return ProbabilityScores::logLoss;
    }

    /**
     * Brier score: 1/N sum_i sum_k (p_ik - [k = y_i])^2, from 0 to 2 (Brier 1950). Less is better. Wants probabilities
     * that sum to 1. For two classes this is twice {@link #brier(int)} of either.
     */
    static Metric brier() {
        return ProbabilityScores::brier;
    }

    /** Brier score of one class against the rest: 1/N sum_i (p_ik - [k = y_i])^2, from 0 to 1. Less is better. */
    static Metric brier(int k) {
        return p -> ProbabilityScores.brier(p, inRange(k, p));
    }

    /** Expected calibration error of the predicted class (Guo et al. 2017). Less is better; see {@link Reliability}. */
    static Metric expectedCalibrationError(int bins) {
        return p -> Reliability.of(p, bins).expectedError();
    }

    private static double mean(int classes, IntToDoubleFunction value) {
        return IntStream.range(0, classes)
                .mapToDouble(value)
                .filter(x -> !Double.isNaN(x))
                .average()
                .orElse(Double.NaN);
    }

    /** A class index of the predictions. */
    private static int inRange(int k, Predictions p) {
        if (k < 0 || k >= p.classes()) {
            throw new LossInputException(
                    "L4J-D52",
                    "metric",
                    "class " + k + " of " + p.classes() + " classes, expected 0 to " + (p.classes() - 1),
                    "correct it");
        }
        return k;
    }
}
