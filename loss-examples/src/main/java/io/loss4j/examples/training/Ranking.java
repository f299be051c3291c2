package io.loss4j.examples.training;

import java.util.Arrays;
import java.util.Comparator;

/**
 * How well scores put the examples of a class before the others.
 *
 * <p>ND4J's exact {@code ROC} is not used: it sorts rows of equal score as they come, so that its areas depend on the
 * order of the rows (0.49 or 0.87 for the same three-valued predictions). Networks over few categories give few
 * different scores; here rows of equal score are one step.
 */
final class Ranking {
    private final double rocArea;
    private final double precisionRecallArea;

    private Ranking(double rocArea, double precisionRecallArea) {
        this.rocArea = rocArea;
        this.precisionRecallArea = precisionRecallArea;
    }

    /**
     * @param scores one per example, higher meaning more likely in the class
     * @param positive whether each example is in the class; some must be, and some not
     */
    static Ranking of(double[] scores, boolean[] positive) {
        Integer[] byScore = new Integer[scores.length];
        Arrays.setAll(byScore, i -> i);
        Arrays.sort(
                byScore, Comparator.comparingDouble((Integer i) -> scores[i]).reversed());
        long positives = 0;
        for (boolean p : positive) {
            positives += p ? 1 : 0;
        }
        double negatives = scores.length - positives;
        long truePositives = 0;
        long falsePositives = 0;
        double rocArea = 0;
        double precisionRecallArea = 0;
        for (int i = 0; i < byScore.length; ) {
            long newTrue = 0;
            long newFalse = 0;
            double score = scores[byScore[i]];
            for (; i < byScore.length && Double.compare(scores[byScore[i]], score) == 0; i++) {
                if (positive[byScore[i]]) {
                    newTrue++;
                } else {
                    newFalse++;
                }
            }
            rocArea += newFalse / negatives * (truePositives + newTrue / 2.0) / positives;
            truePositives += newTrue;
            falsePositives += newFalse;
            precisionRecallArea += (double) newTrue / positives * truePositives / (truePositives + falsePositives);
        }
        return new Ranking(rocArea, precisionRecallArea);
    }

    /** The probability that an example of the class scores higher than another one; equal scores count half. */
    double rocArea() {
        return rocArea;
    }

    /** Average precision: the sum over thresholds of precision times the step in recall. */
    double precisionRecallArea() {
        return precisionRecallArea;
    }
}
