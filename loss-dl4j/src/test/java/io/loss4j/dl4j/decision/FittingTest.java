package io.loss4j.dl4j.decision;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassCounts;
import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.dl4j.metric.Examples;
import io.loss4j.dl4j.metric.Metric;
import io.loss4j.dl4j.metric.Predictions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Temperatures: the root of the slope of the likelihood by scipy.optimize.brentq on the same rows. */
class FittingTest {
    private static final Predictions EXAMPLES = Examples.predictions();

    /** Rows whose true log-odds are known, shown T times as extreme. */
    private static Predictions overconfident(int n, double times, double rarity, long seed) {
        Random random = new Random(seed);
        double[][] rows = new double[n][2];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            double logit = 2 * random.nextGaussian() - rarity;
            labels[i] = random.nextDouble() < Evidence.sigmoid(logit) ? 1 : 0;
            rows[i] = new double[] {Evidence.sigmoid(-times * logit), Evidence.sigmoid(times * logit)};
        }
        return Predictions.of(rows, labels);
    }

    private static double reached(DecisionRule rule, Predictions p, Goal goal) {
        double[][] rows = IntStream.range(0, p.rows()).mapToObj(p::row).toArray(double[][]::new);
        return goal.of(ConfusionMatrix.of(p.classes(), p.labels(), rule.decide(rows)));
    }

    @Test
    void temperaturesAreThoseOfTheHighestLikelihood() {
        DecisionRule rule = DecisionRule.ofClasses(3);
        assertEquals(0.25221852768347053, rule.fitTemperature(EXAMPLES).temperature(), 1e-11);
        DecisionRule adjusted = rule.withLogitAdjustment(ClassCounts.of(36L, 18L, 6L), 1);
        assertEquals(0.19614099431169082, adjusted.fitTemperature(EXAMPLES).temperature(), 1e-11);
        DecisionRule labels = DecisionRule.ofLabels(3).fitTemperature(Examples.columns());
        assertEquals(0.4453514178046388, labels.temperature(), 1e-11);
    }

    @Test
    void aFittedTemperatureIsNoWorseThanItsNeighbours() {
        Predictions p = overconfident(500, 3, 2, 1);
        DecisionRule rule = DecisionRule.ofClasses(2).fitTemperature(p);
        double least = logLoss(rule, p);
        for (double factor : new double[] {0.5, 0.99, 1.01, 2}) {
            assertTrue(logLoss(rule.withTemperature(factor * rule.temperature()), p) > least, "at " + factor);
        }
        assertTrue(least < Metric.logLoss().of(p));
    }

    private static double logLoss(DecisionRule rule, Predictions p) {
        double[][] rows = IntStream.range(0, p.rows()).mapToObj(p::row).toArray(double[][]::new);
        return Metric.logLoss().of(rule.probabilities(rows), p.labels());
    }

    /** 20 000 rows three times too sure: T is 3 within four standard errors, and the calibration error falls. */
    @Test
    void itFindsHowMuchTooSureANetworkIs() {
        Predictions p = overconfident(20_000, 3, 3, 2);
        DecisionRule rule = DecisionRule.ofClasses(2).fitTemperature(p);
        assertEquals(3, rule.temperature(), 0.2);
        double[][] rows = IntStream.range(0, p.rows()).mapToObj(p::row).toArray(double[][]::new);
        Predictions calibrated = Predictions.of(rule.probabilities(rows), p.labels());
        Metric ece = Metric.expectedCalibrationError(15);
        assertTrue(ece.of(calibrated) < ece.of(p) / 3, ece.of(calibrated) + " after " + ece.of(p));
    }

    @Test
    void oneColumnIsFittedAsTwo() {
        Predictions two = overconfident(300, 2, 1, 3);
        double[][] one = IntStream.range(0, 300)
                .mapToObj(row -> new double[] {two.score(row, 1)})
                .toArray(double[][]::new);
        assertEquals(
                DecisionRule.ofClasses(2).fitTemperature(two).temperature(),
                DecisionRule.ofClasses(2)
                        .fitTemperature(Predictions.of(one, two.labels()))
                        .temperature(),
                1e-6);
    }

    @Test
    void r9_whereThereIsNoTemperatureItSaysSo() {
        DecisionRule rule = DecisionRule.ofClasses(2);
        Predictions right = Predictions.of(new double[][] {{0.9, 0.1}, {0.2, 0.8}}, new int[] {0, 1});
        refused("L4J-D53", "all rows are right", () -> rule.fitTemperature(right));
        Predictions wrong = Predictions.of(new double[][] {{0.9, 0.1}, {0.2, 0.8}}, new int[] {1, 0});
        refused("L4J-D53", "no more than chance", () -> rule.fitTemperature(wrong));
        Predictions nothing = Predictions.of(new double[][] {{0.5, 0.5}, {0.5, 0.5}}, new int[] {1, 0});
        refused("L4J-D53", "no more than chance", () -> rule.fitTemperature(nothing));
    }

    /** Every threshold between two scores, one after the other. */
    @Test
    void noThresholdReachesMore() {
        for (Predictions p :
                List.of(overconfident(213, 1, 3, 4), Examples.columns().get(2))) {
            for (Goal goal : List.of(
                    Goal.balancedAccuracy(),
                    Goal.fBeta(1, 2),
                    Goal.fBeta(1, 0.5),
                    Goal.macroF1(),
                    Goal.matthewsCorrelation(),
                    Goal.leastCost(new double[][] {{0, 1}, {7, 0}}))) {
                DecisionRule fitted = DecisionRule.ofClasses(2).fitThresholds(p, goal);
                double reached = reached(fitted, p, goal);
                for (int i = 1; i < 2000; i++) {
                    double other = reached(DecisionRule.ofClasses(2).withThreshold(i / 2000.0), p, goal);
                    assertTrue(!(other > reached), i / 2000.0 + " reaches " + other + ", not " + reached);
                }
            }
        }
    }

    /** By hand: scores 0.9 yes, 0.6 no, 0.5 yes, 0.1 no. Balanced accuracy is 3/4 in (0.6, 0.9] and in (0.1, 0.5]. */
    @Test
    void ofEquallyGoodThresholdsTheWidestGapIsTaken() {
        Predictions p = Predictions.of(new double[][] {{0.9}, {0.6}, {0.5}, {0.1}}, new int[] {1, 0, 1, 0});
        DecisionRule rule = DecisionRule.ofClasses(2).fitThresholds(p, Goal.balancedAccuracy());
        assertEquals(0.3, rule.thresholds()[1], 1e-12);
        // where only the first is wanted, its gap
        assertEquals(
                0.75,
                DecisionRule.ofClasses(2)
                        .fitThresholds(p, Goal.leastCost(new double[][] {{0, 3}, {1, 0}}))
                        .thresholds()[1],
                1e-12);
    }

    /** With right probabilities the threshold of the least cost is c01 / (c01 + c10), within the noise of the rows. */
    @Test
    void fittedAndExpectedCostsAgree() {
        Predictions p = overconfident(20_000, 1, 1, 5);
        double[][] costs = {{0, 1}, {4, 0}};
        DecisionRule fitted = DecisionRule.ofClasses(2).fitThresholds(p, Goal.leastCost(costs));
        assertEquals(0.2, fitted.thresholds()[1], 0.05);
        double least = reached(fitted, p, Goal.leastCost(costs));
        double expected = reached(DecisionRule.ofClasses(2).withCosts(costs), p, Goal.leastCost(costs));
        assertTrue(expected <= least && expected > 1.02 * least, expected + " and " + least);
    }

    @Test
    void thresholdsOfMoreClassesReachMoreThanNoneAndThanThePriors() {
        for (Goal goal : List.of(Goal.balancedAccuracy(), Goal.macroF1(), Goal.fBeta(2, 2))) {
            DecisionRule fitted = DecisionRule.ofClasses(3).fitThresholds(EXAMPLES, goal);
            double reached = reached(fitted, EXAMPLES, goal);
            assertTrue(reached >= reached(DecisionRule.ofClasses(3), EXAMPLES, goal));
            assertTrue(reached >= reached(DecisionRule.ofClasses(3).withThresholds(0.6, 0.3, 0.1), EXAMPLES, goal));
            // a grid over the triangle of thresholds finds nothing that is much higher
            double most = 0;
            for (int i = 1; i < 60; i++) {
                for (int j = 1; i + j < 60; j++) {
                    DecisionRule other = DecisionRule.ofClasses(3).withThresholds(i, j, 60 - i - j);
                    most = Math.max(most, reached(other, EXAMPLES, goal));
                }
            }
            assertTrue(reached > most - 0.02, reached + " of " + most);
            assertEquals(1, Arrays.stream(fitted.thresholds()).sum(), 1e-12);
        }
    }

    @Test
    void labelsGetTheirOwnThresholds() {
        List<Predictions> columns = Examples.columns();
        DecisionRule rule = DecisionRule.ofLabels(3).fitThresholds(columns, Goal.fBeta(1, 1));
        for (int k = 0; k < 3; k++) {
            double alone = DecisionRule.ofClasses(2)
                    .fitThresholds(columns.get(k), Goal.fBeta(1, 1))
                    .thresholds()[1];
            assertEquals(alone, rule.thresholds()[k], 1e-12);
        }
    }

    /** 30 000 rows of four classes are searched within a test's patience. */
    @Test
    void manyRowsAreThinnedOut() {
        Random random = new Random(6);
        double[][] rows = new double[30_000][4];
        int[] labels = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            labels[i] = i % 50 == 0 ? 3 : i % 10 == 0 ? 2 : i % 3 == 0 ? 1 : 0;
            for (int k = 0; k < 4; k++) {
                rows[i][k] = random.nextGaussian() + (labels[i] == k ? 1.5 : 0) - k;
            }
            Evidence.softmax(rows[i]);
        }
        Predictions p = Predictions.of(rows, labels);
        DecisionRule rule = DecisionRule.ofClasses(4).fitThresholds(p, Goal.balancedAccuracy());
        double plain = reached(DecisionRule.ofClasses(4), p, Goal.balancedAccuracy());
        double reached = reached(rule, p, Goal.balancedAccuracy());
        assertTrue(reached > plain + 0.1, reached + " after " + plain);
    }

    @Test
    void r9_heldOutRowsMustFit() {
        DecisionRule rule = DecisionRule.ofClasses(3);
        Predictions two = overconfident(20, 1, 1, 7);
        refused("L4J-D54", "3 classes for predictions of 2", () -> rule.fitTemperature(two));
        refused("L4J-D54", "3 classes for predictions of 1 labels", () -> rule.fitTemperature(List.of(two)));
        refused(
                "L4J-D54",
                "2 labels for predictions of 2",
                () -> DecisionRule.ofLabels(2).fitTemperature(two));
        Predictions absent = Predictions.of(new double[][] {{0.3, 0.3, 0.4}, {0.2, 0.5, 0.3}}, new int[] {0, 1});
        refused("L4J-D53", "class 2 does not occur", () -> rule.fitThresholds(absent, Goal.macroF1()));
        refused(
                "L4J-D53",
                "NaN at every threshold",
                () -> DecisionRule.ofClasses(2).fitThresholds(two, matrix -> Double.NaN));
        Predictions never = Predictions.of(new double[][] {{0.3}, {0.6}}, new int[] {0, 0});
        refused(
                "L4J-D53",
                "of label 0, answer 1 does not occur",
                () -> DecisionRule.ofLabels(1).fitThresholds(List.of(never), Goal.fBeta(1, 1)));
    }
}
