package io.loss4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.LossFunction;
import io.loss4j.error.BackendException;
import io.loss4j.loss.Huber;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What needs a JVM of its own: a class path without any backend, and the environment. */
class ForkedTest {
    @TempDir
    Path folder;

    /** Explains the choice of backends, or computes a loss, and prints what comes of it. */
    public static final class Program {
        private Program() {}

        public static void main(String[] args) {
            try {
                if (args[0].equals("explain")) {
                    System.out.println(Backends.list() + " " + Backends.explain());
                } else {
                    INDArray x = Nd4j.zeros(1, 1);
                    System.out.println(LossFunction.of(new Huber()).value(x, x));
                }
            } catch (BackendException e) {
                System.out.println("REFUSED " + e.getMessage());
            }
        }
    }

    /** Runs the program with everything on the class path but the test backends. */
    private String run(String what, String environment, String... jvmOptions) throws IOException, InterruptedException {
        String name = Program.class.getName().replace('.', '/') + ".class";
        Path copy = folder.resolve(name);
        Files.createDirectories(copy.getParent());
        try (InputStream in = Program.class.getClassLoader().getResourceAsStream(name)) {
            Files.write(copy, in.readAllBytes());
        }
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator, folder + File.pathSeparator, ""));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of(Program.class.getName(), what));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> variables = builder.environment();
        variables.put("CLASSPATH", classPath);
        variables.remove(Wish.ENVIRONMENT);
        if (environment != null) {
            variables.put(Wish.ENVIRONMENT, environment);
        }
        Path output = folder.resolve("output.txt");
        Path log = folder.resolve("log.txt");
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(log.toFile())
                .start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the program hangs");
        assertEquals(0, process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }

    @Test
    void aClassPathWithoutAnyBackendNamesTheRemedy() throws Exception {
        String answer = run("compute", null);
        assertTrue(answer.startsWith("REFUSED L4J-B01 no backend can compute Huber[delta=1.0]"), answer);
        assertTrue(answer.contains("backend none (asked for: auto, from default)"), answer);
        assertTrue(answer.endsWith("add loss-cpu to the class path."), answer);
    }

    @Test
    void theEnvironmentIsWeakerThanTheProperty() throws Exception {
        assertEquals("[] backend none (asked for: auto, from LOSS4J_BACKEND)", run("explain", "auto"));
        assertEquals(
                "[] backend none (asked for: *, from -Dloss4j.backend)", run("explain", "auto", "-Dloss4j.backend=*"));
        assertEquals("[] backend none (asked for: auto, from default)", run("explain", " "));
        String answer = run("explain", "cpu");
        assertTrue(
                answer.startsWith("REFUSED L4J-B02 backend 'cpu' (from LOSS4J_BACKEND) is not known; known are []"),
                answer);
    }
}
