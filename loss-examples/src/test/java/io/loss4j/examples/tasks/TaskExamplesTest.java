package io.loss4j.examples.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example runs, and shows what its first lines say. The claims hold by far more than chance would move them. */
@Tag("once")
class TaskExamplesTest {
    private static final Map<String, Scoreboard> BOARDS = new HashMap<>();

    private static Scoreboard board(String name) {
        return BOARDS.computeIfAbsent(
                name,
                n -> TaskExample.ALL.stream()
                        .filter(e -> e.name().equals(n))
                        .findFirst()
                        .orElseThrow()
                        .program()
                        .get());
    }

    private static void assertFarAbove(String example, String measure, String better, String worse, double margin) {
        double high = board(example).score(better, measure);
        double low = board(example).score(worse, measure);
        assertTrue(high > low + margin, () -> measure + " of " + better + " is " + high + ", of " + worse + " " + low);
    }

    static Stream<String> names() {
        return TaskExample.ALL.stream().map(TaskExample::name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyLossHasScores(String name) {
        Scoreboard board = board(name);
        assertTrue(board.losses().size() >= 2, "losses side by side");
        for (String loss : board.losses()) {
            // Precision of a network that never says yes is not defined.
            assertTrue(board.measures().stream().anyMatch(m -> Double.isFinite(board.score(loss, m))), board::toString);
            for (String measure : board.measures()) {
                double score = board.score(loss, measure);
                assertTrue(Double.isNaN(score) || score >= 0 && score < 2, board::toString);
            }
        }
    }

    @Test
    void pixelsOfSpotsAreFound() {
        assertFarAbove("pixels", "recall", "sigmoid focal 0.9, 1", "Deeplearning4j XENT", 0.3);
        assertFarAbove("pixels", "F1 (Dice)", "cross-entropy + Dice", "Deeplearning4j XENT", 0.2);
    }

    @Test
    void objectsOnAnchorsAreFound() {
        assertFarAbove("anchors", "recall", "sigmoid focal 0.75, 2", "Deeplearning4j XENT", 0.05);
    }

    @Test
    void complaintsAreFound() {
        assertFarAbove("text", "recall", "cross-entropy, balanced", "Deeplearning4j MCXENT", 0.2);
    }

    @Test
    void logitAdjustmentTrainsForBalancedAccuracy() {
        assertFarAbove("dna", "balanced accuracy", "logit-adjusted, tau 1", "Deeplearning4j MCXENT", 0.2);
    }

    @Test
    void burstsAreHeard() {
        assertFarAbove("speech", "of bursts", "focal 1, balanced", "Deeplearning4j MCXENT", 0.3);
    }

    @Test
    void orderIsLearnedWhereGradesAreNot() {
        assertFarAbove("ranking", "NDCG at 3", "listwise", "Deeplearning4j MSE of grades", 0.05);
    }

    @Test
    void positiveWeightTakesBackWhatSamplingInflated() {
        Scoreboard board = board("recommendation");
        double rate = board.score("positive weight", "rate of likes");
        double plain = board.score("Deeplearning4j XENT", "mean probability") - rate;
        double corrected = board.score("positive weight", "mean probability") - rate;
        assertTrue(Math.abs(corrected) < plain / 2, board::toString);
    }

    @Test
    void outliersHaveABoundedSay() {
        for (String robust : List.of("Huber 0.5", "log-cosh", "Cauchy 0.5", "quantiles 0.1, 0.5, 0.9")) {
            assertFarAbove("outliers", "mean absolute error", "Deeplearning4j MSE", robust, 0.4);
        }
    }

    @Test
    void hingeIsDoneWithRowsThatAreRight() {
        assertFarAbove("margins", "rows that still pull", "cross-entropy", "hinge", 0.3);
    }

    @Test
    void boundedLossGivesUpOnWrongLabels() {
        assertFarAbove("noise", "wrong labels learned", "Deeplearning4j MCXENT", "generalized CE, q 0.9", 0.2);
        assertFarAbove("noise", "accuracy", "both", "Deeplearning4j MCXENT", 0.05);
    }

    @Test
    void pageNamesEveryExampleAndItsSource() throws Exception {
        String page = Files.readString(Path.of("../docs/examples.md"), StandardCharsets.UTF_8);
        for (TaskExample example : TaskExample.ALL) {
            String row = "[`" + example.name() + "`](../loss-examples/src/main/java/"
                    + example.source().getName().replace('.', '/') + ".java)";
            assertTrue(page.contains(row), () -> "docs/examples.md lacks " + row);
        }
        assertEquals(
                TaskExample.ALL.size(),
                TaskExample.ALL.stream().map(TaskExample::source).distinct().count());
    }
}
