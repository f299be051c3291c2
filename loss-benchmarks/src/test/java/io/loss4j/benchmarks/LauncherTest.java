package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    void aSmallRunGivesATableAndFiles(@TempDir Path folder) throws IOException {
        // sigmoid, because Deeplearning4j overwrites its predictions there
        int code = launch(
                "--cases", "sigmoid_cross_entropy/32x10",
                "--contenders", "loss4j,dl4j,copy",
                "--ask-for", "value+gradient",
                "--rounds", "2",
                "--warmups", "1",
                "--iterations", "2",
                "--milliseconds", "20",
                "--output", folder.toString());

        assertEquals(0, code, out + "" + err);
        assertTrue(out.toString().contains("| sigmoid_cross_entropy/32x10 | value+gradient |"), out.toString());
        assertTrue(out.toString().contains("[6/6]"), out.toString());
        String name = "cpu-" + Runtime.version().feature() + "-partial";
        String markdown = Files.readString(folder.resolve(name + ".md"));
        String text = Files.readString(folder.resolve(name + ".json"));
        JsonNode json = new ObjectMapper().readTree(text);
        JsonNode result = json.path("cases").path(0);
        JsonNode times = result.path("times");
        assertAll(
                () -> assertTrue(
                        markdown.contains("\n| case | asked for | loss4j | dl4j | copy | dl4j : loss4j | bar |"),
                        markdown),
                () -> assertTrue(markdown.contains("\n| sigmoid_cross_entropy/32x10 | value+gradient | "), markdown),
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
                () -> assertTrue(json.path("nd4j").path("natives").asText().contains("-"), text),
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
                () -> assertEquals(3, json.path("jmh").size()),
                () -> assertFalse(text.contains("\"jvm\""), "names a folder of this machine"));
        for (String contender : List.of("loss4j", "dl4j", "copy")) {
            JsonNode rounds = times.path(contender).path("rounds");
            assertEquals(2, rounds.size(), contender);
            List<Double> samples = new ArrayList<>();
            rounds.forEach(round -> round.forEach(sample -> samples.add(sample.asDouble())));
            assertEquals(4, samples.size(), contender);
            Times all = new Times(samples.stream().mapToDouble(d -> d).toArray());
            assertTrue(all.min() > 0, contender);
            assertEquals(all.median(), times.path(contender).path("median").asDouble(), 1e-9);
            assertEquals(all.min(), times.path(contender).path("min").asDouble(), 1e-9);
            assertEquals(all.max(), times.path(contender).path("max").asDouble(), 1e-9);
        }
        double first = median(times, "dl4j", 0) / median(times, "loss4j", 0);
        double second = median(times, "dl4j", 1) / median(times, "loss4j", 1);
        JsonNode ratio = result.path("ratios").path("dl4j:loss4j");
        assertEquals(Math.min(first, second), ratio.path("min").asDouble(), 1e-9 * first);
        assertEquals(Math.max(first, second), ratio.path("max").asDouble(), 1e-9 * second);
        assertEquals((first + second) / 2, ratio.path("median").asDouble(), 1e-9 * (first + second));
    }

    private static double median(JsonNode times, String contender, int round) {
        JsonNode samples = times.path(contender).path("rounds").path(round);
        return (samples.path(0).asDouble() + samples.path(1).asDouble()) / 2;
    }

    @Test
    void whatCannotBeTimedIsNamedAndTheRestGoesOn(@TempDir Path folder) throws IOException {
        String classPath = System.getProperty("java.class.path");
        Path library = Files.createFile(folder.resolve("nd4j-native-9-linux-x86_64.jar"));
        System.setProperty("java.class.path", classPath + File.pathSeparator + library);
        int code;
        try {
            code = launch(
                    "--cases", "dense/32x10",
                    "--contenders", "dl4j-avx2,copy",
                    "--ask-for", "value",
                    "--rounds", "1",
                    "--warmups", "1",
                    "--iterations", "1",
                    "--milliseconds", "20",
                    "--output", folder.toString());
        } finally {
            System.setProperty("java.class.path", classPath);
        }

        assertEquals(1, code, out + "" + err);
        assertTrue(
                out.toString()
                        .contains("not timed: softmax_cross_entropy/dense/32x10 value dl4j-avx2: these natives are"),
                out.toString());
        assertTrue(
                Files.readString(folder.resolve("cpu-" + Runtime.version().feature() + "-partial.md"))
                        .contains("| softmax_cross_entropy/dense/32x10 | value | "),
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
        assertTrue(err.toString().contains("Deeplearning4j has nothing for [huber]"), err.toString());
    }

    @Test
    void listNamesEverything() {
        assertEquals(0, launch("--list"));
        for (Workload workload : Workload.ALL) {
            assertTrue(out.toString().contains(workload.name()), out.toString());
        }
        for (Contender contender : Contender.values()) {
            assertTrue(out.toString().contains(contender.id), out.toString());
        }
    }
}
