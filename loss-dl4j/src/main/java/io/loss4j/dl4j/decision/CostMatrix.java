package io.loss4j.dl4j.decision;

import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.error.LossInputException;
import java.util.Arrays;

/** What each decision costs for each true class. Immutable. */
final class CostMatrix {
    private final double[][] costs;

    private CostMatrix(double[][] costs) {
        this.costs = costs;
    }

    static CostMatrix of(double[][] costs) {
        double[][] copy = new double[costs.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = costs[i].clone();
            if (copy[i].length != copy.length || !Arrays.stream(copy[i]).allMatch(Double::isFinite)) {
                throw new LossInputException(
                        "L4J-D54",
                        "cost matrix",
                        "row " + i + " of " + copy.length + " is " + Arrays.toString(copy[i])
                                + ", expected as many finite numbers as rows",
                        "give costs[true class][decision]");
            }
        }
        return new CostMatrix(copy);
    }

    int classes() {
        return costs.length;
    }

    double[][] toArray() {
        return Arrays.stream(costs).map(double[]::clone).toArray(double[][]::new);
    }

    double total(ConfusionMatrix decisions) {
        if (decisions.classes() != costs.length) {
            throw new LossInputException(
                    "L4J-D54",
                    "cost matrix",
                    costs.length + " classes, but decisions between " + decisions.classes(),
                    "give one row and one column per class");
        }
        double sum = 0;
        for (int i = 0; i < costs.length; i++) {
            for (int j = 0; j < costs.length; j++) {
                sum += costs[i][j] * decisions.count(i, j);
            }
        }
        return sum;
    }

    /** The decision of the least expected cost, the first of equals. */
    int decide(double[] probabilities) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < costs.length; j++) {
            double expected = 0;
            for (int i = 0; i < costs.length; i++) {
                expected += probabilities[i] * costs[i][j];
            }
            if (expected < least) {
                least = expected;
                best = j;
            }
        }
        return best;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CostMatrix that && Arrays.deepEquals(costs, that.costs);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(costs);
    }
}
