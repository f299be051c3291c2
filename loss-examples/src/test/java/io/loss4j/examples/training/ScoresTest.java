package io.loss4j.examples.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against numbers worked out by hand. */
class ScoresTest {
    private static final double EXACT = 1e-9;

    @Test
    void twoClasses() {
        // Predicted: 0, 0, 1, 1, 1; true: 0, 0, 0, 1, 1. Class 1 is the rarer one.
        double[][] probabilities = {{0.9, 0.1}, {0.6, 0.4}, {0.3, 0.7}, {0.2, 0.8}, {0.45, 0.55}};
        Scores scores = Scores.of(probabilities, new int[] {0, 0, 0, 1, 1});
        assertEquals(1, scores.rarer());
        assertEquals(
                new Scores.PerClass(3, 1, 2 / 3.0, 0.8),
                rounded(scores.perClass().get(0)));
        assertEquals(
                new Scores.PerClass(2, 2 / 3.0, 1, 0.8),
                rounded(scores.perClass().get(1)));
        assertEquals((2 / 3.0 + 1) / 2, scores.balancedAccuracy(), EXACT);
        assertEquals(5 / 6.0, scores.rocArea(), EXACT); // 0.55 is behind 0.7: five of six pairs
        assertEquals(0.5 * 1 + 0.5 * 2 / 3, scores.precisionRecallArea(), EXACT);
        assertEquals((0.01 + 0.16 + 0.49 + 0.04 + 0.2025) / 5, scores.brier(), EXACT);
    }

    @Test
    void theRarerOfTwoClassesIsJudgedWhereverItStands() {
        double[][] probabilities = {{0.9, 0.1}, {0.6, 0.4}, {0.3, 0.7}};
        Scores scores = Scores.of(probabilities, new int[] {1, 0, 1});
        assertEquals(0, scores.rarer());
        assertEquals(0.5, scores.precisionRecallArea(), EXACT); // the only 0 comes second
    }

    @Test
    void classesThatAreNotTestedDoNotCount() {
        double[][] probabilities = {{0.8, 0.1, 0.1}, {0.7, 0.2, 0.1}, {0.1, 0.8, 0.1}, {0.2, 0.7, 0.1}};
        Scores scores = Scores.of(probabilities, new int[] {0, 0, 1, 1});
        assertEquals(1, scores.balancedAccuracy(), EXACT);
        assertEquals(1, scores.rocArea(), EXACT);
        assertEquals(1, scores.precisionRecallArea(), EXACT);
        double brier0 = (0.04 + 0.09 + 0.01 + 0.04) / 4;
        double brier1 = (0.01 + 0.04 + 0.04 + 0.09) / 4;
        assertEquals((brier0 + brier1) / 2, scores.brier(), EXACT);
    }

    @Test
    void aClassThatIsNeverPredictedHasPrecisionZero() {
        Scores scores = Scores.of(new double[][] {{0.9, 0.1}, {0.8, 0.2}}, new int[] {0, 1});
        assertEquals(new Scores.PerClass(1, 0, 0, 0), scores.perClass().get(1));
        assertEquals(0.5, scores.balancedAccuracy(), EXACT);
    }

    private static Scores.PerClass rounded(Scores.PerClass p) {
        assertEquals(p.f1(), 2 * p.precision() * p.recall() / (p.precision() + p.recall()), EXACT);
        return new Scores.PerClass(p.examples(), p.precision(), p.recall(), Math.round(p.f1() * 1e9) / 1e9);
    }

    @Test
    void theTableFitsEightyColumnsAndLeavesOutClassesBeyondTwenty() {
        int classes = 25;
        double[][] probabilities = new double[classes][classes];
        for (double[] row : probabilities) {
            Arrays.fill(row, 1.0 / classes);
        }
        Scores scores = Scores.of(probabilities, IntStream.range(0, classes).toArray());
        List<String> names = IntStream.range(0, classes)
                .mapToObj(k -> "a class with a very long name " + k)
                .toList();
        Result result = new Result("Deeplearning4j\nMCXENT", scores, 1, 0.5);
        List<String> lines =
                ScoreTable.of(names, List.of(result, result, result)).lines().toList();
        assertTrue(lines.stream().allMatch(l -> l.length() <= 80), lines.get(0));
        assertEquals(20, lines.stream().filter(l -> l.contains("precision")).count());
        assertTrue(lines.stream().anyMatch(l -> l.contains("(5 more classes)")));
        assertTrue(lines.stream().collect(Collectors.joining()).contains("Brier score, macro"));
    }
}
