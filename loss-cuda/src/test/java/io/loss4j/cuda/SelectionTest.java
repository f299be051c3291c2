package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** R8 in JVMs of their own, because what has failed stays set aside: CUDA and the CPU on one class path. */
@Tag(FakeDriver.TAG)
@ExtendWith(FakeDriver.class)
class SelectionTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final String NAMED_FIRST = "-Dloss4j.backend=cuda,*";

    @TempDir
    Path folder;

    private record Outcome(String output, String log) {
        Outcome says(String... parts) {
            for (String part : parts) {
                assertTrue(output.contains(part), () -> "expected in the output: " + part + "\n" + this);
            }
            return this;
        }

        Outcome logsOnce(String part) {
            assertEquals(1, log.split(Pattern.quote(part), -1).length - 1, () -> "of " + part + "\n" + this);
            return this;
        }
    }

    private Outcome run(String faults, List<String> options, String... commands)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(Program.class.getName());
        command.addAll(List.of(commands));
        Path output = folder.resolve("output.txt");
        Path log = folder.resolve("log.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(log.toFile());
        builder.environment().keySet().removeAll(List.of("LOSS4J_BACKEND", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().put("LOSS4J_FAKE_FAULTS", faults);
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "still running: " + command);
        } finally {
            process.destroyForcibly();
        }
        Outcome outcome = new Outcome(Files.readString(output), Files.readString(log));
        assertEquals(0, process.exitValue(), outcome::toString);
        return outcome;
    }

    private Outcome onFake(String faults, String choice, String... commands) throws IOException, InterruptedException {
        return run(faults, List.of("-Dloss4j.cuda.library=" + FakeDriver.library(), choice), commands);
    }

    @Test
    void r8_2_autoTakesTheCpuWhereNoDriverIsAndSaysWhyOnce() throws Exception {
        assumeTrue(Files.notExists(Path.of("/proc/driver/nvidia/version")), "this machine has a driver");
        Outcome o = run("", List.of(), Program.EXPLAIN, Program.SOFTMAX, Program.SOFTMAX);
        o.says("backend cpu (asked for: auto, from default)", Program.SOFTMAX_IS_RIGHT);
        o.says("cuda: unavailable, L4J-C01 there is no NVIDIA driver on this machine; install the NVIDIA driver");
        o.logsOnce("; not on cuda: L4J-C01 there is no NVIDIA driver on this machine, install");
    }

    @Test
    void r8_2_aLibraryThatIsNoDriverIsNamed() throws Exception {
        List<String> wrong = List.of("-Dloss4j.cuda.library=" + folder.resolve("no.so"));
        Outcome o = run("", wrong, Program.EXPLAIN, Program.SOFTMAX);
        o.says("cuda: unavailable, L4J-C02 the NVIDIA driver " + folder.resolve("no.so") + " cannot be loaded");
        o.says("correct or remove -Dloss4j.cuda.library", Program.SOFTMAX_IS_RIGHT);
    }

    @Test
    void r8_2_everyReasonIsInTheVerdictAndTheCpuAnswers() throws Exception {
        for (String[] fault : new String[][] {
            {"no_device", "L4J-C04"},
            {"driver_version=11000", "L4J-C03"},
            {"unsupported_ptx", "L4J-C06"},
            {"capability=61", "L4J-C05"}
        }) {
            onFake(fault[0], "-Dloss4j.backend=auto", Program.EXPLAIN, Program.SOFTMAX, Program.RELEASE)
                    .says("cuda: unavailable, " + fault[1], Program.SOFTMAX_IS_RIGHT, Program.NOTHING_IS_LEFT);
        }
    }

    @Test
    void r8_2_aNamedBackendThatCannotRunIsAnError() throws Exception {
        onFake("capability=61", "-Dloss4j.backend=cuda", Program.SOFTMAX)
                .says("softmax is refused: L4J-B01", "cuda: unavailable, L4J-C05");
    }

    @Test
    void autoTakesTheCheaperOffer() throws Exception {
        onFake("", "-Dloss4j.backend=auto", Program.EXPLAIN, Program.SOFTMAX, Program.RELEASE)
                .says(", Emulated GPU 0, compute capability 9.0", Program.SOFTMAX_IS_RIGHT, Program.NOTHING_IS_LEFT)
                .logsOnce("Loss4J computes on backend cpu");
    }

    @Test
    void r8_3_aLostContextSetsTheBackendAsideAndTheCpuAnswersInFull() throws Exception {
        for (String fault : List.of("illegal_address=1", "ecc=1", "launch_failure=1")) {
            Outcome o = onFake(
                    "",
                    NAMED_FIRST,
                    Program.EXPLAIN,
                    fault,
                    Program.SOFTMAX,
                    Program.SOFTMAX,
                    Program.EXPLAIN,
                    Program.RELEASE);
            o.says(Program.SOFTMAX_IS_RIGHT + System.lineSeparator() + Program.SOFTMAX_IS_RIGHT);
            o.says("backend cuda (asked for: cuda,*", "backend cpu (asked for: cuda,*", "cuda: set aside");
            o.says(Program.NOTHING_IS_LEFT);
            o.logsOnce("L4J-B05 backend cuda failed at SoftmaxCrossEntropy[] and is set aside for this process");
        }
    }

    @Test
    void r8_3_withoutAnotherBackendAFailureIsAnError() throws Exception {
        onFake("", "-Dloss4j.backend=cuda", Program.EXPLAIN, "illegal_address=1", Program.SOFTMAX, Program.RELEASE)
                .says("softmax is refused: L4J-B04 backend cuda failed", "CUDA_ERROR_ILLEGAL_ADDRESS (700")
                .says(Program.NOTHING_IS_LEFT);
    }
}
