package io.loss4j.dl4j.metric;

import io.loss4j.error.LossInputException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * How well scores put the rows of a class before the others: the steps of its precision-recall and ROC curves, and the
 * areas under them. Rows of equal score are one step, so that nothing depends on the order of the rows.
 *
 * <p>ND4J's exact {@code ROC} is not used: it sorts rows of equal score as they come, so that its areas depend on the
 * order of the rows (0.49 or 0.87 for the same three-valued predictions). Networks over few categories give few
 * different scores.
 */
public final class Ranking {
    private static final String WHO = "ranking";

    private final double[] thresholds;
    private final int[] truePositives;
    private final int[] falsePositives;
    private final int positives;
    private final int negatives;
    private final double rocArea;
    private final double averagePrecision;

    /**
     * What is found when every score from a threshold on is taken.
     *
     * @param threshold the lowest score taken
     * @param truePositives taken rows of the class
     * @param falsePositives taken rows of others
     * @param recall the part of the rows of the class that is taken, also called the rate of true positives; NaN if there
     *     are none
     * @param precision the part of the taken rows that is of the class
     * @param falsePositiveRate the part of the other rows that is taken; NaN if there are none
     */
    public record Step(
            double threshold,
            int truePositives,
            int falsePositives,
            double recall,
            double precision,
            double falsePositiveRate) {}

    /** Sorted scores, merged from the top. */
    private Ranking(double[] ofPositives, double[] ofNegatives) {
        positives = ofPositives.length;
        negatives = ofNegatives.length;
        double[] steps = new double[positives + negatives];
        int[] hits = new int[steps.length];
        int[] alarms = new int[steps.length];
        int count = 0;
        double roc = 0;
        double precision = 0;
        for (int p = positives, n = negatives; p > 0 || n > 0; ) {
            double score = n == 0 || p > 0 && ofPositives[p - 1] >= ofNegatives[n - 1]
                    ? ofPositives[p - 1]
                    : ofNegatives[n - 1];
            int before = positives - p;
            int alarmsBefore = negatives - n;
            while (p > 0 && ofPositives[p - 1] == score) {
                p--;
            }
            while (n > 0 && ofNegatives[n - 1] == score) {
                n--;
            }
            hits[count] = positives - p;
            alarms[count] = negatives - n;
            steps[count] = score;
            // half of the pairs of equal score count as in order
            roc += (double) (alarms[count] - alarmsBefore) / negatives * (before + hits[count]) / 2.0 / positives;
            precision +=
                    (double) (hits[count] - before) / positives * hits[count] / ((double) hits[count] + alarms[count]);
            count++;
        }
        thresholds = Arrays.copyOf(steps, count);
        truePositives = Arrays.copyOf(hits, count);
        falsePositives = Arrays.copyOf(alarms, count);
        rocArea = negatives == 0 ? Double.NaN : roc;
        averagePrecision = positives == 0 ? Double.NaN : precision;
    }

    /**
     * @param scores one per row, higher meaning more likely in the class; not NaN
     * @param positive whether each row is in the class
     * @throws LossInputException L4J-D50 if there are no rows, unlike many of both, or NaN
     */
    public static Ranking of(double[] scores, boolean[] positive) {
        if (scores.length != positive.length || scores.length == 0) {
            throw refused(scores.length + " scores and " + positive.length + " labels, expected as many, from 1");
        }
        int positives = 0;
        for (boolean p : positive) {
            positives += p ? 1 : 0;
        }
        double[] ofPositives = new double[positives];
        double[] ofNegatives = new double[scores.length - positives];
        for (int i = 0, p = 0, n = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                throw refused("score " + i + " is NaN, expected a number");
            }
            if (positive[i]) {
                ofPositives[p++] = scores[i];
            } else {
                ofNegatives[n++] = scores[i];
            }
        }
        Arrays.sort(ofPositives);
        Arrays.sort(ofNegatives);
        return new Ranking(ofPositives, ofNegatives);
    }

    /** Of one class against the rest. */
    public static Ranking of(Predictions predictions, int k) {
        if (k < 0 || k >= predictions.classes()) {
            throw new LossInputException(
                    "L4J-D52",
                    WHO,
                    "class " + k + " of " + predictions.classes() + " classes",
                    "give one from 0 to " + (predictions.classes() - 1));
        }
        double[] scores = new double[predictions.rows()];
        boolean[] positive = new boolean[scores.length];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = predictions.score(row, k);
            positive[row] = predictions.label(row) == k;
        }
        return of(scores, positive);
    }

    private static LossInputException refused(String problem) {
        return new LossInputException("L4J-D50", WHO, problem, "give one score and one label per row");
    }

    /** How many rows are in the class. */
    public int positives() {
        return positives;
    }

    /** How many rows are not. */
    public int negatives() {
        return negatives;
    }

    /**
     * The area under the ROC curve: the probability that a row of the class scores higher than another one, where equal
     * scores count half. NaN if there is no row of the class, or no other.
     */
    public double rocArea() {
        return rocArea;
    }

    /**
     * The area under the precision-recall curve as average precision: the sum over falling thresholds of precision times
     * the step in recall. Guessing gives about the part of the rows that is in the class. NaN if there are none.
     */
    public double averagePrecision() {
        return averagePrecision;
    }

    /**
     * Both curves: one step per different score, from the highest. The ROC curve goes from (0, 0) through
     * (falsePositiveRate, recall) of every step by straight lines to (1, 1). In the precision-recall curve every
     * precision holds for the recalls since the step before; straight lines would promise too much.
     */
    public List<Step> steps() {
        return new Steps();
    }

    private final class Steps extends AbstractList<Step> implements RandomAccess {
        @Override
        public Step get(int i) {
            double hits = truePositives[i];
            return new Step(
                    thresholds[i],
                    truePositives[i],
                    falsePositives[i],
                    hits / positives,
                    hits / (hits + falsePositives[i]),
                    (double) falsePositives[i] / negatives);
        }

        @Override
        public int size() {
            return thresholds.length;
        }
    }
}
