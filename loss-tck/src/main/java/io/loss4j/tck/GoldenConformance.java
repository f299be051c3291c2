package io.loss4j.tck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.nd4j.linalg.api.buffer.DataType;
import org.opentest4j.TestAbortedException;

/**
 * Golden values of other libraries as tests of a backend: one test per case, with values and gradients in DOUBLE and in
 * FLOAT. Cases in our own names are compared at rtol 1e-9 and 1e-5; those in the vocabulary that other libraries share at
 * the tolerance of the case, with 1e-5 added in FLOAT. Cases come from the folder {@code -Dloss4j.golden}, by default
 * {@code golden} in {@code -Dloss4j.shared}. A loss, or a form of it, that the catalogue does not have is reported as one
 * aborted test with the number of its cases, and in the line that is printed at the end.
 *
 * <pre>{@code
 * class CpuGoldenTest extends GoldenConformance {
 *     @Override
 *     protected String backend() {
 *         return "cpu";
 *     }
 * }
 * }</pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class GoldenConformance {
    private @Nullable GoldenSummary summary;

    /** For subclasses. */
    protected GoldenConformance() {}

    /** The name of the backend. */
    protected abstract String backend();

    @TestFactory
    Stream<DynamicNode> r1_1_goldenValuesAndGradients() {
        Path folder = GoldenCases.folder();
        if (folder == null) {
            // As a test of its own: build tools do not count or show a factory that is aborted.
            String missing =
                    "no golden cases: set -Dloss4j.golden=DIR, or -Dloss4j.shared to a folder that holds golden/";
            System.out.println(missing);
            return Stream.of(DynamicTest.dynamicTest("no golden cases", () -> {
                throw new TestAbortedException(missing);
            }));
        }
        GoldenCases golden = GoldenCases.read(folder);
        GoldenSummary counts = new GoldenSummary("golden cases on " + backend(), golden);
        summary = counts;
        Map<String, List<DynamicTest>> byLoss = new TreeMap<>();
        Map<String, List<GoldenCase>> unsupported = new TreeMap<>();
        for (GoldenCase c : golden.cases()) {
            String reason = c.unsupported();
            if (reason == null) {
                byLoss.computeIfAbsent(c.loss(), any -> new ArrayList<>())
                        .add(DynamicTest.dynamicTest(c.id(), () -> check(c, counts)));
            } else {
                counts.unsupported(c);
                unsupported
                        .computeIfAbsent(c.loss() + ": " + reason, any -> new ArrayList<>())
                        .add(c);
            }
        }
        Stream<DynamicNode> run =
                byLoss.entrySet().stream().map(e -> DynamicContainer.dynamicContainer(e.getKey(), e.getValue()));
        Stream<DynamicNode> reported = unsupported.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(
                        "unsupported: " + e.getKey() + ", " + e.getValue().size() + " cases", () -> {
                            throw new TestAbortedException(e.getKey() + ", cases " + e.getValue());
                        }));
        return Stream.concat(run, reported);
    }

    private void check(GoldenCase c, GoldenSummary counts) {
        try {
            c.check(backend(), DataType.DOUBLE);
            c.check(backend(), DataType.FLOAT);
        } catch (RuntimeException | Error e) {
            counts.failed(c, e);
            throw e;
        }
        counts.passed(c);
    }

    @AfterAll
    void printSummary() {
        if (summary != null) {
            System.out.println(summary.line());
        }
    }
}
