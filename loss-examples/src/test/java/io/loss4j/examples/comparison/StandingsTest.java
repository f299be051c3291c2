package io.loss4j.examples.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.examples.training.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StandingsTest {
    private static final int ROWS = 200;
    private static final int FOLDS = 5;

    /** Fits that answer a row of the rare class correctly with some probability, and all others always. */
    private static CandidateResult result(String id, double recall, long seed) {
        Random random = new Random(seed);
        List<Fit> fits = new ArrayList<>();
        for (int i = 0; i < 2 * FOLDS; i++) {
            int fold = i % FOLDS;
            int[] rows =
                    IntStream.range(0, ROWS).filter(row -> row % FOLDS == fold).toArray();
            float[][] probabilities = new float[rows.length][];
            int[] predicted = new int[rows.length];
            for (int j = 0; j < rows.length; j++) {
                predicted[j] = label(rows[j]) == 1 && random.nextDouble() < recall ? 1 : 0;
                probabilities[j] = predicted[j] == 1 ? new float[] {0.2f, 0.8f} : new float[] {0.9f, 0.1f};
            }
            fits.add(new Fit(id, i / FOLDS, fold, rows, probabilities, predicted, new double[1], new double[1], 1));
        }
        return new CandidateResult(new Candidate(id, id, id, List.of()), fits);
    }

    private static int label(int row) {
        return row / FOLDS % 2;
    }

    private static Standings standings(CandidateResult... results) {
        int[] labels = new int[ROWS];
        Arrays.setAll(labels, StandingsTest::label);
        Comparison comparison = new Comparison(
                "test",
                "y",
                List.of("a", "b"),
                labels,
                FOLDS,
                2,
                1,
                new Settings(1, 1, 1, 1, 1),
                List.of(),
                List.of(results));
        return Standings.of(comparison, Measure.BALANCED_ACCURACY);
    }

    @Test
    void aRemedyThatFindsMoreWinsAndTheDifferenceIsReal() {
        Standings standings = standings(result("plain", 0.3, 1), result("focal", 0.9, 2), result("smote", 0.5, 3));
        assertEquals("focal", standings.winner().candidate().id());
        assertTrue(standings.verdict().real(), standings.verdict().sentence());
        assertTrue(standings.verdict().sentence().contains("a real difference"));
        assertTrue(
                standings.winner().minusPlain().get(Measure.BALANCED_ACCURACY).low() > 0);
        assertEquals(new Interval(0, 0, 0), standings.winner().minusWinner().get(Measure.BALANCED_ACCURACY));
        assertEquals(
                List.of("focal", "smote", "plain"),
                standings.ranking().stream().map(s -> s.candidate().id()).toList());
    }

    @Test
    void chanceIsNotCalledAWin() {
        Standings standings = standings(result("plain", 0.5, 1), result("focal", 0.5, 2), result("smote", 0.5, 3));
        assertFalse(standings.verdict().real(), standings.verdict().sentence());
        assertTrue(standings.verdict().sentence().contains("no remedy beats plain training"));
    }

    @Test
    void plainTrainingWinsAmongEquals() {
        Standings standings = standings(result("focal", 0.5, 1), result("plain", 0.5, 1));
        assertEquals("plain", standings.winner().candidate().id());
        assertTrue(standings.verdict().sentence().contains("no remedy beats plain training, which has"));
        assertEquals(1, standings.ranking().get(1).doubt().get(Measure.BALANCED_ACCURACY));
    }

    /** The same difference is more doubtful the more remedies were tried. */
    @Test
    void doubtIsCorrectedForTheNumberOfRemedies() {
        double alone = standings(result("plain", 0.5, 1), result("focal", 0.62, 2))
                .winner()
                .doubt()
                .get(Measure.BALANCED_ACCURACY);
        Standings many = standings(
                result("plain", 0.5, 1),
                result("focal", 0.62, 2),
                result("smote", 0.5, 5),
                result("thresholds", 0.5, 6));
        double among = many.ranking().stream()
                .filter(s -> s.candidate().id().equals("focal"))
                .findFirst()
                .orElseThrow()
                .doubt()
                .get(Measure.BALANCED_ACCURACY);
        assertEquals(Math.min(1, 3 * alone), among, 1e-12);
    }
}
