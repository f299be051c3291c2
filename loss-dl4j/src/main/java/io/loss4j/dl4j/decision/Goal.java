package io.loss4j.dl4j.decision;

import io.loss4j.dl4j.metric.ConfusionMatrix;

/**
 * What thresholds are chosen for: a number that follows from the confusion matrix, the higher the better. Any lambda is
 * one.
 */
@FunctionalInterface
public interface Goal {
    /** The number; NaN is worse than any other. */
    double of(ConfusionMatrix decisions);

    /** Mean recall of the classes. */
    static Goal balancedAccuracy() {
        return ConfusionMatrix::balancedAccuracy;
    }

    /** F-beta of class k, for example of "yes" of two classes, k = 1. */
    static Goal fBeta(int k, double beta) {
        return matrix -> matrix.fBeta(k, beta);
    }

    /** Mean F1 of the classes. */
    static Goal macroF1() {
        return ConfusionMatrix::macroF1;
    }

    /** Matthews correlation. */
    static Goal matthewsCorrelation() {
        return ConfusionMatrix::matthewsCorrelation;
    }

    /**
     * Least cost on the held-out rows. Where probabilities can be trusted, {@link DecisionRule#withCosts} needs no rows.
     *
     * @param costs what it costs, costs[true class][decision]
     */
    static Goal leastCost(double[][] costs) {
        CostMatrix matrix = CostMatrix.of(costs);
        return decisions -> -matrix.total(decisions);
    }
}
