package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PTX, its sources and the table say the same. */
class KernelFilesTest {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path SOURCES = MODULE.resolve("src/main/cuda");
    private static final Path PTX = MODULE.resolve("src/main/resources/io/loss4j/cuda");
    private static final String REBUILD = "run mvn -Pcuda -pl loss-cuda -am compile, which needs nvcc";
    private static final Pattern ENTRY = Pattern.compile("(?m)^\\.visible \\.entry (\\w+)\\(");
    private static final List<String> ARCHITECTURES =
            List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90", "sm_100", "sm_120");

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(suffix)).sorted().toList();
        }
    }

    @Test
    void everyPtxIsMadeFromTheseSources() throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        for (String suffix : new String[] {".cu", ".cuh"}) {
            for (Path file : files(SOURCES, suffix)) {
                sha256.update(Files.readAllBytes(file));
            }
        }
        String expected = "// sources: sha256 " + HexFormat.of().formatHex(sha256.digest());
        for (Path ptx : files(PTX, ".ptx")) {
            List<String> head = Files.readAllLines(ptx).subList(0, 2);
            assertTrue(head.contains(expected), () -> ptx.getFileName() + " is of other sources; " + REBUILD);
        }
    }

    @Test
    void theTableAndThePtxHaveTheSameEntries() throws IOException {
        Set<String> expected = new TreeSet<>();
        for (KernelTable.Loss loss : KernelTable.LOSSES.values()) {
            for (KernelTable.Regime regime : KernelTable.REGIMES) {
                if (regime.shape().equals(loss.shape())) {
                    for (ElementType type : ElementType.values()) {
                        if (type.isFloating()) {
                            expected.add("loss4j_" + loss.module(type) + "_" + regime.name());
                        }
                    }
                }
            }
        }
        Set<String> found = new TreeSet<>();
        for (Path ptx : files(PTX, ".ptx")) {
            String name = ptx.getFileName().toString().replace(".ptx", "");
            Matcher entry = ENTRY.matcher(Files.readString(ptx, StandardCharsets.US_ASCII));
            while (entry.find()) {
                assertTrue(entry.group(1).startsWith("loss4j_" + name + "_"), entry.group(1) + " in " + name);
                found.add(entry.group(1));
            }
        }
        assertEquals(expected, found, REBUILD);
    }

    /** Every shape ends with a regime that fits any job of any GPU, but for rows that are not read twice: those that are short. */
    @Test
    void everyShapeHasARegimeForEverything() {
        Set<String> shapes = new TreeSet<>();
        KernelTable.LOSSES.values().forEach(loss -> shapes.add(loss.shape()));
        for (String shape : shapes) {
            KernelTable.Regime last = KernelTable.REGIMES.stream()
                    .filter(r -> r.shape().equals(shape))
                    .reduce((a, b) -> b)
                    .orElseThrow(() -> new AssertionError(shape));
            assertTrue(last.needs().isEmpty() && last.least() == 1 && last.most() == KernelTable.MOST_COLUMNS, shape);
            assertEquals(shape.equals("row"), last.shared() > 0, shape);
        }
    }

    /** As the jar tool packs them; the classes beside them take a twentieth. */
    @Test
    void theFilesPackToLessThanThreeMegabytes() throws IOException {
        long packed = 0;
        for (Path ptx : files(PTX, ".ptx")) {
            Deflater deflater = new Deflater();
            deflater.setInput(Files.readAllBytes(ptx));
            deflater.finish();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                packed += deflater.deflate(buffer);
            }
            deflater.end();
        }
        assertTrue(packed < 2_850_000, packed + " bytes");
    }

    @Test
    @Tag("once")
    void ptxAssemblesForEveryArchitecture(@TempDir Path folder) throws Exception {
        assumeTrue(hasPtxas(), "ptxas is not installed");
        List<Process> running = new ArrayList<>();
        for (Path ptx : files(PTX, ".ptx")) {
            Path log = folder.resolve(ptx.getFileName() + ".log");
            // one run for all architectures; without optimisation, which only takes time here
            StringBuilder all = new StringBuilder("set -e");
            for (String architecture : ARCHITECTURES) {
                all.append("; ptxas -O0 -arch=")
                        .append(architecture)
                        .append(" -o /dev/null ")
                        .append(ptx);
            }
            running.add(new ProcessBuilder("sh", "-c", all.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start());
            if (running.size() >= Runtime.getRuntime().availableProcessors()) {
                requireAssembled(running.remove(0), folder);
            }
        }
        for (Process process : running) {
            requireAssembled(process, folder);
        }
    }

    private static boolean hasPtxas() throws InterruptedException {
        try {
            return new ProcessBuilder("ptxas", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void requireAssembled(Process process, Path logs) throws Exception {
        if (process.waitFor() != 0) {
            StringBuilder text = new StringBuilder();
            for (Path log : files(logs, ".log")) {
                text.append(Files.readString(log));
            }
            throw new AssertionError("ptxas: " + text);
        }
    }
}
