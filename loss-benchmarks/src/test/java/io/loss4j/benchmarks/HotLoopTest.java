package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The hot loops vectorise, allocate nothing and are inlined, in JVMs of their own as users have them. No time is judged:
 * only how much longer the scalar twin takes, in turns, with patience for a busy machine. A loop whose vectors are boxed is
 * slower than the scalar one, so a bar of 3 or 4 leaves room.
 */
class HotLoopTest {
    private static final ContenderJvm JVM = new ContenderJvm(Path.of("."));
    private static final int TURN = 20;
    private static final int LEAST_ROUNDS = 25;
    private static final int MOST_ROUNDS = 150;
    private static final int CALLS = 20;
    private static final Pattern WIDTH = Pattern.compile("SIMD (\\d+) bit");
    /** Vectors of fewer bits cannot be so much faster. */
    private static final int WIDE = 256;
    /** Small objects of a call, whatever its size: one object per row or boxed vector per tile would take more. */
    private static final double BYTES_PER_CALL = 8192;
    /** To a stream of its own: what is printed among the answers would break them. */
    private static final List<String> REPORT_INLINING = List.of(
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+PrintInlining",
            "-XX:-DisplayVMOutputToStdout",
            "-XX:+DisplayVMOutputToStderr");

    /** What entering a workspace and making an array takes: the copy does nothing else. */
    private static double bytesOfAnArray;

    private static Entry entry(String workload, Contender contender) {
        return new Entry(Workload.named(workload), Wanted.VALUE_AND_GRADIENT, contender);
    }

    @BeforeAll
    static void measureAnArray() throws IOException, InterruptedException, LiveEntry.Unfit {
        try (LiveEntry copy = new LiveEntry(entry("sigmoid_cross_entropy/32x10", Contender.COPY), JVM, 1, List.of())) {
            copy.awaitReady();
            bytesOfAnArray = Double.POSITIVE_INFINITY;
            for (int round = 0; round < LEAST_ROUNDS; round++) {
                copy.time(TURN);
                bytesOfAnArray = Math.min(bytesOfAnArray, copy.bytesPerCall(CALLS));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "softmax_cross_entropy/index/256x1000, 4",
        "softmax_cross_entropy/index/16384x10, 3",
        "sigmoid_cross_entropy/262144x1, 4",
        "sigmoid_focal/262144x1, 4"
    })
    void hotLoopsVectoriseAllocateNothingAndAreInlined(String workload, double times)
            throws IOException, InterruptedException, LiveEntry.Unfit {
        try (LiveEntry simd = new LiveEntry(entry(workload, Contender.LOSS4J), JVM, 1, REPORT_INLINING);
                LiveEntry scalar = new LiveEntry(entry(workload, Contender.LOSS4J_SCALAR), JVM, 1, List.of())) {
            simd.awaitReady();
            scalar.awaitReady();
            Matcher width = WIDTH.matcher(simd.engine());
            assertTrue(width.find(), simd.engine());
            double room = bytesOfAnArray + BYTES_PER_CALL;
            double bar = Integer.parseInt(width.group(1)) < WIDE ? 1 : times;
            double fast = Double.POSITIVE_INFINITY;
            double slow = Double.POSITIVE_INFINITY;
            double bytes = Double.POSITIVE_INFINITY;
            // The best of all: whatever disturbs makes slower, and what is not yet compiled allocates.
            for (int round = 0; round < MOST_ROUNDS; round++) {
                fast = Math.min(fast, simd.time(TURN));
                slow = Math.min(slow, scalar.time(TURN));
                bytes = Math.min(bytes, simd.bytesPerCall(CALLS));
                if (round >= LEAST_ROUNDS && slow >= bar * fast && bytes <= room) {
                    break;
                }
            }
            assertTrue(slow >= bar * fast, workload + ": " + slow + " us without SIMD, " + fast + " us with");
            assertTrue(
                    bytes <= room, workload + ": " + bytes + " bytes per call, where an array takes " + bytesOfAnArray);
            assertInlined(simd.errors());
        }
    }

    /** Beyond this cutoff C2 stops inlining, vectors are boxed, and a kernel slows down without a word. */
    private static void assertInlined(List<String> report) {
        assertTrue(report.stream().anyMatch(l -> l.contains("jdk.incubator.vector")), "nothing was reported");
        assertEquals(
                List.of(),
                report.stream()
                        .filter(l -> l.contains("NodeCountInliningCutoff"))
                        .filter(l -> l.contains("io.loss4j.cpu") || l.contains("jdk.incubator.vector"))
                        .map(String::strip)
                        .distinct()
                        .toList());
    }
}
