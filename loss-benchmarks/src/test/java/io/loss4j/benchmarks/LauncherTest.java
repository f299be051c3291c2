package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.benchmarks.timing.Workload;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine;

/** The launcher, from its arguments to its files, with processes that are really started; no time is judged. */
class LauncherTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int launch(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    @Test
    void aSmallRunGivesTablesAChartAndFiles(@TempDir Path folder) throws IOException {
        // sigmoid, because Deeplearning4j overwrites its predictions there
        int code = launch(
                "--cases", "sigmoid_cross_entropy/32x10",
                "--contenders", "loss4j,dl4j,copy",
                "--ask-for", "value+gradient",
                "--repeats", "1",
                "--rounds", "3",
                "--milliseconds", "10",
                "--output", folder.toString());

        assertEquals(0, code, out + "" + err);
        assertTrue(out.toString().contains("| sigmoid_cross_entropy/32x10 |"), out.toString());
        assertTrue(out.toString().contains("[1/1] 32 rows of 10, 3 processes"), out.toString());
        String name = "cpu-" + Runtime.version().feature() + "-partial";
        String markdown = Files.readString(folder.resolve(name + ".md"));
        String chart = Files.readString(folder.resolve(name + ".svg"));
        String text = Files.readString(folder.resolve(name + ".json"));
        JsonNode json = new ObjectMapper().readTree(text);
        JsonNode result = json.path("cases").path(0);
        JsonNode times = result.path("times");
        assertAll(
                () -> assertTrue(markdown.contains("\n| case | dl4j : loss4j | copy : loss4j |"), markdown),
                () -> assertTrue(markdown.contains("\n| case | loss4j | dl4j | copy |"), markdown),
                () -> assertTrue(
                        markdown.contains("\n| sigmoid_cross_entropy/32x10 | dl4j : loss4j | at least 5.0 | "),
                        markdown),
                () -> assertTrue(markdown.contains("](" + name + ".svg)"), markdown),
                () -> assertTrue(chart.startsWith("<?xml") && chart.contains(">dl4j<"), name),
                () -> assertTrue(json.path("command").asText().startsWith("./benchmark --cases sigmoid"), text),
                () -> assertTrue(json.path("date").asText().matches("20\\d\\d-.*Z"), text),
                () -> assertFalse(json.path("commit").asText().isEmpty(), text),
                () -> assertFalse(json.path("machine").path("cpu").asText().isEmpty(), text),
                () -> assertTrue(json.path("machine").path("cores").asInt() > 0, text),
                () -> assertEquals(
                        System.getProperty("java.version"),
                        json.path("jdk").path("version").asText()),
                () -> assertEquals(
                        "1.0.0-M2.1", json.path("nd4j").path("version").asText()),
                () -> assertTrue(
                        json.path("contenders")
                                .path("loss4j")
                                .path("engine")
                                .asText()
                                .startsWith("cpu: SIMD"),
                        text),
                () -> assertEquals(1, json.path("cases").size()),
                () -> assertEquals("LossBinaryXENT", result.path("built_in").asText()),
                () -> assertEquals(0, json.path("failures").size()),
                () -> assertEquals(2, json.path("bars").size()));
        for (String contender : List.of("loss4j", "dl4j", "copy")) {
            JsonNode time = times.path(contender);
            List<Double> rounds = new ArrayList<>();
            time.path("rounds").forEach(round -> rounds.add(round.asDouble()));
            assertEquals(3, rounds.size(), contender);
            Times all = new Times(rounds.stream().mapToDouble(d -> d).toArray());
            assertTrue(all.min() > 0, contender);
            assertEquals(all.median(), time.path("median").asDouble(), 1e-3 * all.median());
            assertEquals(all.max(), time.path("max").asDouble(), 1e-3 * all.max());
        }
        assertEquals(
                new Times(ratio(times, 0), ratio(times, 1), ratio(times, 2)).median(),
                result.path("ratios").path("dl4j:loss4j").path("median").asDouble(),
                1e-3 * ratio(times, 0));
    }

    private static double ratio(JsonNode times, int round) {
        return times.path("dl4j").path("rounds").path(round).asDouble()
                / times.path("loss4j").path("rounds").path(round).asDouble();
    }

    @Test
    void whoIsNotHereIsNamedAndTheRestGoesOn(@TempDir Path folder) throws IOException {
        String classPath = System.getProperty("java.class.path");
        Path library = Files.createFile(folder.resolve("nd4j-native-9-linux-x86_64.jar"));
        System.setProperty("java.class.path", classPath + File.pathSeparator + library);
        System.setProperty("loss4j.checkout", folder.toString());
        int code;
        try {
            code = launch(
                    "--cases", "dense/4096x1000",
                    "--contenders", "pytorch,dl4j-avx2,copy",
                    "--repeats", "1",
                    "--rounds", "1",
                    "--milliseconds", "10");
        } finally {
            System.setProperty("java.class.path", classPath);
            System.clearProperty("loss4j.checkout");
        }

        assertEquals(0, code, out + "" + err);
        assertTrue(out.toString().contains("skipped dl4j-avx2: "), out.toString());
        assertTrue(out.toString().contains("skipped pytorch: it is not here; ./benchmark fetches it"), out.toString());
        String markdown = Files.readString(folder.resolve("docs")
                .resolve("benchmarks")
                .resolve("cpu-" + Runtime.version().feature() + "-partial.md"));
        assertTrue(markdown.contains("- pytorch: it is not here"), markdown);
        assertTrue(markdown.contains("| softmax_cross_entropy/dense/4096x1000 | "), markdown);
    }

    @Test
    void whatComputesSomethingElseIsNotTimed(@TempDir Path folder) {
        // Deeplearning4j's softmax gives NaN in HALF
        int code = launch(
                "--cases", "softmax_cross_entropy/dense/64x100/half",
                "--contenders", "loss4j,dl4j",
                "--repeats", "1",
                "--rounds", "1",
                "--milliseconds", "10",
                "--output", folder.toString());
        assertEquals(0, code, out + "" + err);
        assertTrue(
                out.toString()
                        .contains(
                                "wrong result, not timed: softmax_cross_entropy/dense/64x100/half value+gradient dl4j: "),
                out.toString());
    }

    @Test
    void wrongArgumentsGetASentence() {
        assertEquals(2, launch("--cases", "softmx"));
        assertTrue(
                err.toString().contains("no workload's name contains 'softmx'; there are [softmax_"), err.toString());
        assertEquals(2, launch("--contenders", "dl4"));
        assertTrue(err.toString().contains("there is no contender 'dl4'; there are [loss4j, "), err.toString());
        assertEquals(2, launch("--ask-for", "values"));
        assertTrue(err.toString().contains("'values' is none of [value+gradient, value, gradient]"), err.toString());
        assertEquals(2, launch("--rounds", "0"));
        assertTrue(err.toString().contains("--rounds is 0, expected a number from 1"), err.toString());
        assertEquals(2, launch("--cases", "huber", "--contenders", "dl4j"));
        assertTrue(err.toString().contains("nothing in the plan is [huber] by [dl4j]"), err.toString());
    }

    @Test
    void listNamesEverything() {
        assertEquals(0, launch("--list"));
        for (Workload workload : WorkloadTest.planned()) {
            assertTrue(out.toString().contains(workload.name()), out.toString());
        }
        for (Contender contender : Contender.values()) {
            assertTrue(out.toString().contains(contender.id), out.toString());
        }
    }
}
