package io.loss4j.dl4j.metric;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RankingTest {
    private static final double EXACT = 1e-12;

    private record Examples(double[] scores, boolean[] positive) {
        /** Scores on a few levels (ties) or on so many that all differ. */
        static Examples random(int rows, int levels, long seed) {
            Random random = new Random(seed);
            Examples all = new Examples(new double[rows], new boolean[rows]);
            for (int i = 0; i < rows; i++) {
                all.positive[i] = random.nextInt(4) == 0;
                double score = 0.6 * random.nextDouble() + (all.positive[i] ? 0.3 : 0);
                all.scores[i] = (1 + Math.floor(score * levels)) / (levels + 1);
            }
            return all;
        }

        /** The positives first, or last. */
        Examples sorted(boolean positivesFirst) {
            Examples sorted = new Examples(new double[scores.length], new boolean[scores.length]);
            int at = 0;
            for (boolean wanted : new boolean[] {positivesFirst, !positivesFirst}) {
                for (int i = 0; i < scores.length; i++) {
                    if (positive[i] == wanted) {
                        sorted.scores[at] = scores[i];
                        sorted.positive[at++] = wanted;
                    }
                }
            }
            return sorted;
        }

        /** The definition: a positive before a negative, equal scores count half. */
        double probabilityOfOrder() {
            double won = 0;
            double pairs = 0;
            for (int i = 0; i < scores.length; i++) {
                for (int j = 0; j < scores.length; j++) {
                    if (positive[i] && !positive[j]) {
                        pairs++;
                        won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    }
                }
            }
            return won / pairs;
        }

        /** The definition: over falling thresholds, precision times the step in recall. */
        double averagePrecision() {
            TreeSet<Double> thresholds = new TreeSet<>();
            int positives = 0;
            for (int i = 0; i < scores.length; i++) {
                thresholds.add(scores[i]);
                positives += positive[i] ? 1 : 0;
            }
            double sum = 0;
            double recall = 0;
            for (double threshold : thresholds.descendingSet()) {
                double hits = 0;
                double taken = 0;
                for (int i = 0; i < scores.length; i++) {
                    taken += scores[i] >= threshold ? 1 : 0;
                    hits += scores[i] >= threshold && positive[i] ? 1 : 0;
                }
                sum += (hits / positives - recall) * hits / taken;
                recall = hits / positives;
            }
            return sum;
        }

        double nd4jRocArea() {
            INDArray labels = Nd4j.create(scores.length, 2);
            INDArray predictions = Nd4j.create(scores.length, 2);
            for (int i = 0; i < scores.length; i++) {
                labels.putScalar(i, positive[i] ? 1 : 0, 1);
                predictions.putScalar(i, 1, scores[i]);
                predictions.putScalar(i, 0, 1 - scores[i]);
            }
            ROC roc = new ROC(0);
            roc.eval(labels, predictions);
            return roc.calculateAUC();
        }

        Ranking ranking() {
            return Ranking.of(scores, positive);
        }
    }

    @Test
    void areasAreThoseOfTheDefinitions() {
        for (int levels : new int[] {1, 3, 14, 100_000}) {
            Examples examples = Examples.random(211, levels, levels);
            assertEquals(examples.probabilityOfOrder(), examples.ranking().rocArea(), EXACT, levels + " levels");
            assertEquals(examples.averagePrecision(), examples.ranking().averagePrecision(), EXACT, levels + " levels");
        }
    }

    @Test
    void rowsOfEqualScoreMayComeInAnyOrder() {
        Examples examples = Examples.random(300, 3, 5);
        Ranking first = examples.sorted(true).ranking();
        Ranking last = examples.sorted(false).ranking();
        assertEquals(first.rocArea(), last.rocArea(), EXACT);
        assertEquals(first.averagePrecision(), last.averagePrecision(), EXACT);
    }

    /** Why ND4J's ROC is not used. If this fails, ND4J was repaired and this class can go. */
    @Test
    void nd4jsAreaDependsOnTheOrderOfEqualScores() {
        Examples examples = Examples.random(300, 3, 5);
        assertNotEquals(
                examples.sorted(true).nd4jRocArea(), examples.sorted(false).nd4jRocArea(), 0.1);
    }

    @Test
    void withoutEqualScoresNd4jAgrees() {
        Examples examples = Examples.random(300, 100_000, 6);
        assertEquals(examples.nd4jRocArea(), examples.ranking().rocArea(), 1e-6);
    }

    @Test
    void perfectAndReversedOrder() {
        boolean[] positive = {true, true, false, false};
        assertEquals(1, Ranking.of(new double[] {0.9, 0.8, 0.2, 0.1}, positive).rocArea(), EXACT);
        assertEquals(1, Ranking.of(new double[] {0.9, 0.8, 0.2, 0.1}, positive).averagePrecision(), EXACT);
        assertEquals(0, Ranking.of(new double[] {0.1, 0.2, 0.8, 0.9}, positive).rocArea(), EXACT);
    }

    /** Worked by hand: 0.9 yes; 0.5 yes and no; 0.1 no. */
    @Test
    void stepsAreThoseOfBothCurves() {
        Ranking ranking = Ranking.of(new double[] {0.5, 0.1, 0.9, 0.5}, new boolean[] {true, false, true, false});
        assertEquals(
                List.of(
                        new Ranking.Step(0.9, 1, 0, 0.5, 1, 0),
                        new Ranking.Step(0.5, 2, 1, 1, 2 / 3.0, 0.5),
                        new Ranking.Step(0.1, 2, 2, 1, 0.5, 1)),
                ranking.steps());
        assertEquals(0.5 * 1 + 0.5 * 2 / 3, ranking.averagePrecision(), EXACT);
        assertEquals((2 + 1 + 0.5) / 4, ranking.rocArea(), EXACT); // of four pairs one is a tie
        assertEquals(2, ranking.positives());
        assertEquals(2, ranking.negatives());
    }

    @Test
    void theAreasAreThoseUnderTheSteps() {
        Ranking ranking = Examples.random(257, 14, 3).ranking();
        double roc = 0;
        double average = 0;
        Ranking.Step last = new Ranking.Step(Double.POSITIVE_INFINITY, 0, 0, 0, 1, 0);
        for (Ranking.Step step : ranking.steps()) {
            assertTrue(step.threshold() < last.threshold());
            roc += (step.falsePositiveRate() - last.falsePositiveRate()) * (step.recall() + last.recall()) / 2;
            average += (step.recall() - last.recall()) * step.precision();
            last = step;
        }
        assertEquals(1, last.recall());
        assertEquals(1, last.falsePositiveRate());
        assertEquals(roc, ranking.rocArea(), EXACT);
        assertEquals(average, ranking.averagePrecision(), EXACT);
    }

    @Test
    void withOneClassWhatIsNotDefinedIsNaN() {
        double[] scores = {0.3, 0.1, 0.3};
        Ranking all = Ranking.of(scores, new boolean[] {true, true, true});
        assertEquals(1, all.averagePrecision());
        assertEquals(Double.NaN, all.rocArea());
        assertEquals(2, all.steps().size());
        Ranking none = Ranking.of(scores, new boolean[3]);
        assertEquals(Double.NaN, none.averagePrecision());
        assertEquals(Double.NaN, none.rocArea());
        assertEquals(Double.NaN, none.steps().get(0).recall());
        assertEquals(1, none.steps().get(1).falsePositiveRate());
    }

    @Test
    void infinitiesAndBothZerosAreOrdinaryScores() {
        boolean[] positive = {true, false, true, false};
        double[] scores = {Double.POSITIVE_INFINITY, -0.0, 0.0, Double.NEGATIVE_INFINITY};
        Ranking ranking = Ranking.of(scores, positive);
        assertEquals(3, ranking.steps().size());
        assertEquals((2 + 1 + 0.5) / 4, ranking.rocArea(), EXACT);
    }

    @Test
    void r9_whatIsNoScoreIsRefused() {
        refused("L4J-D50", "score 1 is NaN", () -> Ranking.of(new double[] {1, Double.NaN}, new boolean[2]));
        refused("L4J-D50", "2 scores and 1 labels", () -> Ranking.of(new double[2], new boolean[1]));
        refused("L4J-D50", "0 scores", () -> Ranking.of(new double[0], new boolean[0]));
        Predictions two = Predictions.of(new double[][] {{0.2, 0.8}}, new int[] {1});
        refused("L4J-D52", "class 2 of 2", () -> Ranking.of(two, 2));
    }
}
