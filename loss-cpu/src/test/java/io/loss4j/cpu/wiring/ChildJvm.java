package io.loss4j.cpu.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM of its own whose class path holds the built loss-api and loss-cpu, ND4J and the jars that a test adds, but nothing
 * of this test: as a user would start it.
 */
final class ChildJvm {
    private static final long PATIENCE_SECONDS = 120;
    private static final List<String> NOT_FOR_USERS =
            List.of("test-classes", "loss-tck", "junit", "opentest4j", "apiguardian", "surefire");

    private final Path folder;
    private final List<Path> first = new ArrayList<>();
    private final List<Path> last = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private boolean cpu = true;

    /** What a JVM did. */
    record Outcome(int exitCode, String output, String log) {
        Outcome exits(int expected) {
            assertEquals(expected, exitCode, this::toString);
            return this;
        }

        Outcome says(String... parts) {
            for (String part : parts) {
                assertTrue(output.contains(part), () -> "expected in the output: " + part + "\n" + this);
            }
            return this;
        }

        Outcome logs(String... parts) {
            for (String part : parts) {
                assertTrue(log.contains(part), () -> "expected in the log: " + part + "\n" + this);
            }
            return this;
        }

        Outcome logsTimes(int times, String part) {
            assertEquals(times, log.split(Pattern.quote(part), -1).length - 1, () -> "of " + part + "\n" + this);
            return this;
        }

        @Override
        public String toString() {
            return "exit code " + exitCode + "\n--- output\n" + output + "--- log\n" + log;
        }
    }

    ChildJvm(Path folder) {
        this.folder = folder;
    }

    /** Adds jars before Loss4J. */
    ChildJvm with(PluginJar... jars) throws IOException {
        for (PluginJar jar : jars) {
            first.add(jar.writeTo(folder));
        }
        return this;
    }

    /** Adds a jar after Loss4J. */
    ChildJvm withLast(PluginJar jar) throws IOException {
        last.add(jar.writeTo(folder));
        return this;
    }

    ChildJvm withoutCpu() {
        cpu = false;
        return this;
    }

    ChildJvm options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    ChildJvm environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs {@link Program} with these commands. */
    Outcome run(String... commands) throws IOException, InterruptedException {
        last.add(new PluginJar("program.jar").with(Program.class).writeTo(folder));
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx256m", "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 24) { // ND4J loads natives and uses Unsafe: allowed without a warning
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(options);
        String classPath = Stream.of(first.stream(), builtClassPath(), last.stream())
                .flatMap(paths -> paths)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", classPath, Program.class.getName()));
        command.addAll(List.of(commands));
        return start(command);
    }

    private Outcome start(List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Path log = folder.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(log.toFile());
        builder.environment().remove("LOSS4J_BACKEND");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(ended, () -> "still running after " + PATIENCE_SECONDS + " s: " + command);
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), read(output), read(log));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Stream<Path> builtClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path ->
                        NOT_FOR_USERS.stream().noneMatch(path.getFileName().toString()::startsWith))
                .filter(path -> cpu || !isCpu(path));
    }

    /** The module under test, as a folder of classes or as a jar. */
    private static boolean isCpu(Path path) {
        return Files.exists(path.resolve("io/loss4j/cpu/CpuBackend.class"))
                || path.getFileName().toString().startsWith("loss-cpu");
    }
}
