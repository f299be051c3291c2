package io.loss4j.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The golden runner on folders with right, wrong, unknown and foreign cases. */
class GoldenRunnerTest {
    /** -ln sigmoid(0) twice, and its gradient; a class of probability 0 beside. */
    private static final String RIGHT = """
            [{"id": "a", "loss": "softmax_cross_entropy", "options": {"class_weights": [1, 3, 1]}, "reduction": "mean",
              "inputs": {"logits": {"shape": [2, 3], "dtype": "float64", "data": [0, 0, "-inf", 0, 0, "-Infinity"]},
                         "labels": {"shape": [2], "dtype": "int64", "data": [0, 1]}},
              "expected": {"loss": {"shape": [], "data": [0.6931471805599453]},
                           "gradient": {"shape": [2, 3], "data": [-0.125, 0.125, 0, 0.375, -0.375, 0]}}}]
            """;

    private static final String WRONG_GRADIENT =
            RIGHT.replace("-0.125", "-0.126").replace("\"a\"", "\"b\"");

    private static final String UNKNOWN =
            RIGHT.replace("softmax_cross_entropy", "loss_of_tomorrow").replace("\"a\"", "\"c\"");

    /** The mean of squares of (1, 2), weights 1 and 3, as another library writes it. */
    private static final String PEER = """
            [{"id": "d", "source": "x", "family": "regression", "loss": "mean_squared_error", "kind": "literal",
              "options": {"feature_reduction": "mean", "reduction": "mean"},
              "inputs": {"predictions": {"shape": [2, 1], "dtype": "float32", "data": [1, 2]},
                         "labels": {"shape": [2, 1], "dtype": "float32", "data": [0, 0]},
                         "sample_weight": {"shape": [2], "dtype": "float32", "data": [1, 3]}},
              "expected": {"loss": {"shape": [], "data": [6.5]}}, "tolerance": {"rtol": 0, "atol": 0}}]
            """;

    private static final String WRONG_PEER = PEER.replace("[6.5]", "[6.25]").replace("\"d\"", "\"e\"");

    private static final String ABSENT_PEER =
            PEER.replace("mean_squared_error", "triplet_margin").replace("\"d\"", "\"f\"");

    private static final String OTHER_FORM =
            PEER.replace("mean_squared_error", "huber").replace("\"feature", "\"delta\": 0, \"feature");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int run(String... files) throws IOException {
        for (int i = 0; i < files.length; i++) {
            Files.writeString(folder.resolve("any name " + i + ".json"), files[i]);
        }
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            return GoldenRunner.run(List.of(folder.toString(), "--backend", "reference"));
        } finally {
            System.setOut(out);
        }
    }

    private void requirePrinted(String... patterns) {
        String text = printed.toString(StandardCharsets.UTF_8);
        for (String pattern : patterns) {
            assertTrue(text.lines().anyMatch(line -> line.matches(pattern)), pattern + " in\n" + text);
        }
    }

    @Test
    void countsByLossAndNamesFailures() throws IOException {
        assertEquals(1, run(RIGHT, WRONG_GRADIENT, UNKNOWN, "{}"));
        requirePrinted(
                "softmax_cross_entropy +1 +1 +0 +0",
                "loss_of_tomorrow +0 +0 +0 +1",
                "total +1 +1 +0 +1",
                "FAILED b: .*gradient 0 in DOUBLE is -0.125, expected -0.126.*",
                "not read: any name 3.json is not an array of cases",
                ".*1 cases passed, 1 failed, 1 of losses that are not in the catalogue \\[loss_of_tomorrow 1\\]");
    }

    @Test
    void translatesTheVocabularyOfOtherLibraries() throws IOException {
        assertEquals(1, run(PEER, WRONG_PEER, ABSENT_PEER, OTHER_FORM));
        requirePrinted(
                "mean_squared_error +1 +1 +0 +0",
                "huber +0 +0 +1 +0",
                "triplet_margin +0 +0 +0 +1",
                "FAILED e: .*loss 0 in DOUBLE is 6.5, expected 6.25.*",
                ".*vocabulary of other libraries: 1 cases passed, 1 failed, 1 of other forms of its losses, 1 of .*");
    }

    @Test
    void weightsOfZeroCountInTheMeanOfOtherLibraries() throws IOException {
        assertEquals(0, run(PEER.replace("[1, 3]", "[1, 0]").replace("[6.5]", "[0.5]")));
    }

    @Test
    void tolerancesAreThoseOfTheCase() throws IOException {
        assertEquals(0, run(WRONG_PEER.replace("\"atol\": 0", "\"atol\": 0.26")));
        assertEquals(0, run(WRONG_PEER.replace("\"rtol\": 0", "\"rtol\": 0.05")));
    }

    @Test
    void gradientsAreThoseOfTheSum() throws IOException {
        String gradient = PEER.replace("\"loss\": {\"shape\": [], \"data\": [6.5]}", "\"grad_predictions\": %s");
        String right = "{\"shape\": [2, 1], \"data\": [2, 12]}";
        assertEquals(0, run(gradient.formatted(right)));
        assertEquals(1, run(gradient.formatted(right.replace("12", "6"))));
    }

    @Test
    void succeedsWhenEverySupportedCasePasses() throws IOException {
        assertEquals(0, run(RIGHT, UNKNOWN));
    }

    @Test
    void unknownOptionsFailInsteadOfBeingLeftOut() throws IOException {
        assertEquals(1, run(RIGHT.replace("class_weights", "class_weight")));
        requirePrinted("FAILED a: .*L4J-P01.*class_weight.*");
    }

    @Test
    void infinityInTheWrongPlaceFails() throws IOException {
        assertEquals(1, run(RIGHT.replace("0.6931471805599453", "\"inf\"")));
    }

    @Test
    void emptyOrMissingFoldersAreWrongUsage() throws IOException {
        assertEquals(2, run());
        assertEquals(2, GoldenRunner.run(List.of(folder.resolve("nothing").toString())));
        assertEquals(2, GoldenRunner.run(List.of("--no-such-option")));
    }

    @Test
    void asTestsOfABackend() throws IOException {
        Files.writeString(folder.resolve("x.json"), RIGHT);
        Files.writeString(folder.resolve("y.json"), WRONG_GRADIENT);
        Files.writeString(folder.resolve("z.json"), UNKNOWN);
        String before = System.getProperty("loss4j.golden");
        System.setProperty("loss4j.golden", folder.toString());
        try {
            Events tests = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(ReferenceGoldenTest.class))
                    .execute()
                    .testEvents();
            assertEquals(1, tests.succeeded().count());
            assertEquals(1, tests.failed().count());
            assertEquals(1, tests.aborted().count());
        } finally {
            if (before == null) {
                System.clearProperty("loss4j.golden");
            } else {
                System.setProperty("loss4j.golden", before);
            }
        }
    }
}
