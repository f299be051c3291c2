package io.loss4j.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The whole way from a list of cases to a page, on the emulated driver of loss-cuda's tests; skipped without g++. */
class GpuProcessTest {
    private static final Path CUDA = Path.of("..", "loss-cuda").toAbsolutePath().normalize();

    private static final String LIST = """
            {"weighted": {"smoothing": 0.1, "ignored": -100, "ignored_of_1024": 205},
             "peer_types": ["float"],
             "cases": [
              {"workload": "softmax_cross_entropy/index/5000x37", "types": ["float", "bfloat16"], "copy_fraction": 0.7},
              {"workload": "softmax_cross_entropy/index/70x300", "weighted": true, "asked_for": ["value", "gradient"]},
              {"workload": "sigmoid_focal/3x40000"},
              {"workload": "softmax_cross_entropy/index/32x10", "call_microseconds": 1e9}]}
            """;

    private static String output;

    private static int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor();
    }

    private static boolean hasCompiler() throws InterruptedException {
        try {
            return run(List.of("sh", "-c", "command -v ${CXX:-g++}")) == 0;
        } catch (IOException e) {
            return false; // no shell either
        }
    }

    private static String library() throws IOException, InterruptedException {
        assumeTrue(hasCompiler(), "the kernels cannot be run: no g++");
        int code = run(List.of(
                "sh",
                CUDA.resolve("src/test/cuda/build-fake.sh").toString(),
                CUDA.resolve("target/fake-driver").toString()));
        assertEquals(0, code, output);
        String[] lines = output.strip().split("\\R");
        return lines[lines.length - 1];
    }

    private static int java(String library, String main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dloss4j.cuda.library=" + library,
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static int stage(String library, String stage, Path list, Path folder, String... more)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                stage,
                "--list",
                list.toString(),
                "--out",
                folder.resolve(stage + ".json").toString(),
                "--elements",
                "2000",
                "--runs",
                "3",
                "--rounds",
                "2",
                "--repetitions",
                "2"));
        arguments.addAll(List.of(more));
        return java(library, GpuProcess.class.getName(), arguments.toArray(String[]::new));
    }

    @Test
    void everyStageLeavesWhatTheReportNeedsAndARehearsalIsCalledOne(@TempDir Path folder) throws Exception {
        String library = library();
        Path list = folder.resolve("cases.json");
        Files.writeString(list, LIST);
        for (String stage : List.of("check", "time", "hosts")) {
            assertEquals(0, stage(library, stage, list, folder), stage + ": " + output);
        }
        Path results = folder.resolve("results");
        Files.writeString(folder.resolve("checks.tsv"), "tests\tpassed\t3 s: all\n");
        int code = java(
                library,
                "io.loss4j.benchmarks.GpuReport",
                list.toString(),
                folder.toString(),
                results.toString(),
                "abc",
                "run.sh --dry-run");
        assertEquals(0, code, output);
        assertFalse(Files.exists(results), "a rehearsal leaves nothing among the results");
        String page = Files.readString(folder.resolve("rehearsal-emulated-gpu-0.md"));
        assertTrue(page.startsWith("# Rehearsal, not a measurement"), page);
        JsonNode root = new ObjectMapper().readTree(Files.readString(folder.resolve("rehearsal-emulated-gpu-0.json")));
        assertTrue(root.path("rehearsal").asBoolean());
        JsonNode checked = root.path("check").path("cases");
        assertEquals(6, checked.size(), checked.toString());
        for (JsonNode one : checked) {
            assertTrue(one.path("right").asBoolean(), one.toString());
            assertEquals(3, one.path("runs_with_the_same_bits").asInt(), one.toString());
        }
        assertFalse(checked.path("softmax_cross_entropy/index/70x300/weighted gradient")
                .has("value"));
        for (JsonNode one : root.path("time").path("cases")) {
            assertEquals(4, one.path("kernel_milliseconds").size(), one.toString());
        }
        assertEquals(
                4,
                root.path("time")
                        .path("cases")
                        .path("softmax_cross_entropy/index/32x10")
                        .path("call_microseconds")
                        .size());
        assertTrue(root.path("hosts").path("points").size() >= 2, root.toString());
        assertTrue(page.contains("| softmax_cross_entropy/index/32x10: us per call | at most 1000000000 |"), page);
    }

    @Test
    void aCaseThatFailsIsWrittenDownAndTheRestGoesOn(@TempDir Path folder) throws Exception {
        String library = library();
        Path list = folder.resolve("cases.json");
        Files.writeString(list, "{\"cases\": [{\"workload\": \"huber/1x400000000\"}, {\"workload\": \"huber/30x4\"}]}");
        assertEquals(1, stage(library, "check", list, folder), output);
        JsonNode cases = new ObjectMapper()
                .readTree(Files.readString(folder.resolve("check.json")))
                .path("cases");
        assertTrue(cases.path("huber/1x400000000").path("failed").asText().contains("out of memory"), cases.toString());
        assertTrue(cases.path("huber/30x4").path("right").asBoolean(), cases.toString());
    }

    @Test
    void withoutAGpuThatIsSaid(@TempDir Path folder) throws Exception {
        Path list = folder.resolve("cases.json");
        Files.writeString(list, LIST);
        assertEquals(3, stage("/nowhere/libcuda.so", "check", list, folder), output);
        assertTrue(output.contains("L4J-C02"), output);
    }
}
