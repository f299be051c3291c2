package io.loss4j.dl4j.decision;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassCounts;
import io.loss4j.dl4j.metric.Examples;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DecisionRuleTest {
    private static final double EXACT = 1e-12;

    private static double[][] rows(int n, int classes, long seed) {
        Random random = new Random(seed);
        double[][] rows = new double[n][classes];
        for (double[] row : rows) {
            for (int k = 0; k < classes; k++) {
                row[k] = 3 * random.nextGaussian();
            }
            Evidence.softmax(row);
        }
        return rows;
    }

    private static double[][] logs(double[][] rows, double shift) {
        double[][] logs = new double[rows.length][rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < logs[i].length; k++) {
                logs[i][k] = Math.log(rows[i][k]) + shift;
            }
        }
        return logs;
    }

    private static void assertRows(double[][] expected, double[][] actual, double tolerance) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual[i], tolerance, "row " + i);
        }
    }

    @Test
    void withoutAnythingItIsTheMostProbableClass() {
        double[][] rows = {{0.2, 0.5, 0.3}, {0.4, 0.4, 0.2}, {0, 0, 1}};
        DecisionRule rule = DecisionRule.ofClasses(3);
        assertArrayEquals(new int[] {1, 0, 2}, rule.decide(rows));
        assertRows(rows, rule.probabilities(rows), 0);
    }

    /** By hand: p = (0.8, 0.2) has the odds 4; T = 2 makes them 2. */
    @Test
    void aTemperatureFlattensOdds() {
        double[][] q = DecisionRule.ofClasses(2).withTemperature(2).probabilities(new double[][] {{0.8, 0.2}});
        assertRows(new double[][] {{2 / 3.0, 1 / 3.0}}, q, EXACT);
        assertRows(q, DecisionRule.ofClasses(2).withTemperature(2).probabilities(new double[][] {{0.2}}), EXACT);
        double[][] label = DecisionRule.ofLabels(1).withTemperature(2).probabilities(new double[][] {{0.2}});
        assertEquals(1 / 3.0, label[0][0], EXACT);
    }

    /** By hand: counts 90 and 10 and p = (0.8, 0.2): 0.8/0.9 against 0.2/0.1, odds of 4 to 9. */
    @Test
    void logitAdjustmentDividesByThePriors() {
        DecisionRule rule = DecisionRule.ofClasses(2).withLogitAdjustment(ClassCounts.of(90L, 10L), 1);
        assertRows(new double[][] {{4 / 13.0, 9 / 13.0}}, rule.probabilities(new double[][] {{0.8, 0.2}}), EXACT);
        assertArrayEquals(new int[] {1}, rule.decide(new double[][] {{0.8, 0.2}}));
        assertEquals(
                DecisionRule.ofClasses(2).withBias(0, 0),
                DecisionRule.ofClasses(2).withLogitAdjustment(ClassCounts.of(90L, 10L), 0));
    }

    /** NumPy: argmax of p / prior on the same rows decides 0, 17 and 43 times. */
    @Test
    void adjustedDecisionsAreThoseOfThresholdsAtThePriors() {
        double[][] rows = Examples.scores();
        DecisionRule adjusted = DecisionRule.ofClasses(3).withLogitAdjustment(ClassCounts.of(36L, 18L, 6L), 1);
        int[] decisions = adjusted.decide(rows);
        int[] counts = new int[3];
        for (int k : decisions) {
            counts[k]++;
        }
        assertArrayEquals(new int[] {0, 17, 43}, counts);
        assertArrayEquals(
                decisions,
                DecisionRule.ofClasses(3).withThresholds(0.6, 0.3, 0.1).decide(rows));
        assertArrayEquals(
                decisions, DecisionRule.ofClasses(3).withThresholds(6, 3, 1).decide(rows));
    }

    @Test
    void logitsAndProbabilitiesAgreeWhateverTheShift() {
        double[][] rows = rows(37, 5, 1);
        DecisionRule ofProbabilities =
                DecisionRule.ofClasses(5).withTemperature(1.7).withBias(0.3, 0, -2, 0.1, 1);
        DecisionRule ofLogits =
                DecisionRule.ofClassLogits(5).withTemperature(1.7).withBias(0.3, 0, -2, 0.1, 1);
        for (double shift : new double[] {0, 5, -300}) {
            assertRows(ofProbabilities.probabilities(rows), ofLogits.probabilities(logs(rows, shift)), 1e-10);
        }
        assertArrayEquals(ofProbabilities.decide(rows), ofLogits.decide(logs(rows, 1)));
    }

    @Test
    void twoClassesAreOneSigmoidAndOneLabel() {
        double[][] two = rows(41, 2, 2);
        double[][] one = new double[two.length][];
        for (int i = 0; i < two.length; i++) {
            one[i] = new double[] {two[i][1]};
        }
        DecisionRule classes =
                DecisionRule.ofClasses(2).withTemperature(1.3).withBias(0, 0.7).withThreshold(0.4);
        DecisionRule label =
                DecisionRule.ofLabels(1).withTemperature(1.3).withBias(0.7).withThresholds(0.4);
        int[] decisions = classes.decide(two);
        assertArrayEquals(decisions, classes.decide(one));
        boolean[][] yes = label.decideLabels(one);
        double[][] q = label.probabilities(one);
        for (int i = 0; i < two.length; i++) {
            assertEquals(decisions[i] == 1, yes[i][0]);
            assertEquals(classes.probabilities(two)[i][1], q[i][0], 1e-10);
        }
    }

    @Test
    void theThresholdItselfIsYes() {
        double[][] rows = {{0.7, 0.3}, {0.71, 0.29}};
        assertArrayEquals(
                new int[] {1, 0}, DecisionRule.ofClasses(2).withThreshold(0.3).decide(rows));
        assertArrayEquals(
                new boolean[] {true, false}, DecisionRule.ofLabels(2).decideLabels(new double[][] {{0.5, 0.49}})[0]);
    }

    /** By hand: missing class 1 costs 9, a false alarm 1: alarm from 0.1 on. Gains do the same as costs saved. */
    @Test
    void costsMoveTheThreshold() {
        double[][] rows = {{0.89, 0.11}, {0.91, 0.09}};
        DecisionRule rule = DecisionRule.ofClasses(2).withCosts(new double[][] {{0, 1}, {9, 0}});
        assertArrayEquals(new int[] {1, 0}, rule.decide(rows));
        assertArrayEquals(
                new int[] {1, 0},
                DecisionRule.ofClasses(2)
                        .withCosts(new double[][] {{-1, 0}, {0, -9}})
                        .decide(rows));
        // of three classes the middle one is cheapest when in doubt
        double[][] distance = {{0, 1, 4}, {1, 0, 1}, {4, 1, 0}};
        assertArrayEquals(
                new int[] {1, 0}, DecisionRule.ofClasses(3).withCosts(distance).decide(new double[][] {
                    {0.45, 0.1, 0.45}, {0.9, 0.05, 0.05}
                }));
    }

    @Test
    void thresholdsAndCostsReplaceEachOther() {
        DecisionRule threshold = DecisionRule.ofClasses(2).withThreshold(0.3);
        DecisionRule costs = threshold.withCosts(new double[][] {{0, 1}, {9, 0}});
        assertEquals(0, costs.thresholds().length);
        assertEquals(threshold, costs.withThreshold(0.3));
    }

    @Test
    void r5_arraysOfAnyLayoutAreDecidedAsTheirRows() {
        double[][] rows = rows(24, 3, 3);
        DecisionRule rule = DecisionRule.ofClasses(3).withTemperature(2).withThresholds(3, 2, 1);
        INDArray flat = Nd4j.create(rows);
        INDArray sequences = flat.reshape('c', 4, 6, 3).permute(0, 2, 1); // [4, 3, 6]
        int[] decisions = rule.decide(rows);
        INDArray ofSequences = rule.decide(sequences);
        assertArrayEquals(new long[] {4, 6}, ofSequences.shape());
        assertEquals(DataType.INT32, ofSequences.dataType());
        assertArrayEquals(decisions, ofSequences.dup('c').data().asInt());
        assertArrayEquals(decisions, rule.decide(flat.dup('f')).toIntVector());
        double[][] q = rule.probabilities(rows);
        assertRows(q, rule.probabilities(flat.dup('f')).toDoubleMatrix(), EXACT);
        INDArray images = rule.probabilities(sequences.reshape(4, 3, 2, 3).castTo(DataType.FLOAT));
        assertArrayEquals(new long[] {4, 3, 2, 3}, images.shape());
        assertEquals(q[7][1], images.getDouble(1, 1, 0, 1), 1e-6);
        assertEquals(0, rule.decide(Nd4j.create(DataType.FLOAT, 0, 3)).length());
    }

    @Test
    void labelsAreDecidedInTheShapeOfTheOutput() {
        INDArray output =
                Nd4j.create(new double[][] {{0.2, 0.9, 0.4}, {0.3, 0.1, 0.5}}).castTo(DataType.FLOAT);
        INDArray yes = DecisionRule.ofLabels(3).withThresholds(0.25, 0.95, 0.4).decide(output.dup('f'));
        assertEquals(Nd4j.createFromArray(new int[][] {{0, 0, 1}, {1, 0, 1}}), yes);
        INDArray column = Nd4j.create(new double[][] {{0.2}, {0.7}});
        assertArrayEquals(
                new int[] {0, 1}, DecisionRule.ofClasses(2).decide(column).toIntVector());
        assertArrayEquals(
                new long[] {2, 1},
                DecisionRule.ofClasses(2)
                        .withTemperature(2)
                        .probabilities(column)
                        .shape());
    }

    /** A sigmoid in single precision is 1 from a logit of 17 on, a softmax 0 below 1e-45. */
    @Test
    void r1_2_roundedProbabilitiesStayFinite() {
        DecisionRule rule = DecisionRule.ofClasses(2).withTemperature(2);
        double[][] q = rule.probabilities(new double[][] {{1}, {0}, {1 - 0x1p-24}});
        assertTrue(q[0][0] > 0 && q[1][1] > 0);
        assertTrue(q[0][1] >= q[2][1], "order is kept");
        assertEquals(1 / (1 + Math.exp(-17.3287 / 2)), q[0][1], 1e-6);
        double[][] three = DecisionRule.ofClasses(3).withTemperature(4).probabilities(new double[][] {{0, 1, 0}});
        assertTrue(three[0][0] > 0 && Double.isFinite(three[0][1]));
        double[][] huge = DecisionRule.ofClassLogits(2).withTemperature(2).probabilities(new double[][] {{1e4, -1e4}});
        assertArrayEquals(new double[] {1, 0}, huge[0]);
    }

    @Test
    void r9_rowsThatItWasNotMadeForAreRefused() {
        DecisionRule rule = DecisionRule.ofClasses(3);
        refused("L4J-D55", "row 1 has 2 scores", () -> rule.decide(new double[][] {{1, 0, 0}, {1, 0}}));
        refused("L4J-D55", "row 0 has 4 scores", () -> rule.decide(Nd4j.ones(2, 4)));
        refused("L4J-D55", "row 0 is NaN", () -> rule.decide(new double[][] {{Double.NaN, 0, 0}}));
        refused("L4J-D55", "row 0 is 2.0", () -> rule.withTemperature(2).decide(new double[][] {{2, -1, 0}}));
        refused(
                "L4J-D55",
                "row 0 is Infinity",
                () -> DecisionRule.ofClassLogits(2).decide(new double[][] {{0, Double.POSITIVE_INFINITY}}));
        refused("L4J-D54", "use decideLabels", () -> DecisionRule.ofLabels(2).decide(new double[1][2]));
        refused("L4J-D54", "use decide", () -> rule.decideLabels(new double[1][3]));
    }

    @Test
    void r9_settingsThatCannotWorkAreRefused() {
        DecisionRule rule = DecisionRule.ofClasses(2);
        refused("L4J-D54", "1 classes", () -> DecisionRule.ofClasses(1));
        refused("L4J-D54", "0 labels", () -> DecisionRule.ofLabels(0));
        refused("L4J-D54", "temperature of 0.0", () -> rule.withTemperature(0));
        refused("L4J-D54", "temperature of NaN", () -> rule.withTemperature(Double.NaN));
        refused("L4J-D54", "biases [1.0]", () -> rule.withBias(1));
        refused("L4J-D54", "biases", () -> rule.withBias(1, Double.NEGATIVE_INFINITY));
        refused("L4J-D54", "thresholds [1.0, 0.0]", () -> rule.withThresholds(1, 0));
        refused("L4J-D54", "one threshold of 1.0", () -> rule.withThreshold(1));
        refused("L4J-D54", "up to 1", () -> DecisionRule.ofLabels(1).withThresholds(1.5));
        refused("L4J-D54", "row 0 of 2 is [1.0]", () -> rule.withCosts(new double[][] {{1}, {1, 2}}));
        refused("L4J-D54", "costs between 3 classes for 2", () -> rule.withCosts(new double[3][3]));
        refused(
                "L4J-D54",
                "threshold is c01 / (c01 + c10)",
                () -> DecisionRule.ofLabels(2).withCosts(new double[2][2]));
        refused("L4J-D54", "never occurs", () -> rule.withLogitAdjustment(ClassCounts.of(3L, 0L), 1));
        refused("L4J-D54", "tau is -1.0", () -> rule.withLogitAdjustment(ClassCounts.of(3L, 1L), -1));
    }
}
