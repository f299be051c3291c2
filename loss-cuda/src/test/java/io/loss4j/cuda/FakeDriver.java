package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real kernels, compiled by g++, behind the entry points of the driver: tests run on it through the same binding as on
 * a GPU. Built once per source into {@code target}; without g++ the tests are skipped with that reason. When a class has
 * run, nothing may be left on the device. With {@code -Dloss4j.cuda.test=gpu} they run on the machine's GPU instead.
 */
final class FakeDriver implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {
    /** Of tests that arm faults or read counters. */
    static final String TAG = "fake";

    private static final String PROPERTY = "loss4j.cuda.library";

    /** {@code -Dloss4j.cuda.test=gpu}: whatever needs no fault runs on the machine's own driver. */
    private static final boolean ON_GPU = "gpu".equals(System.getProperty("loss4j.cuda.test"));

    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    /** Whatever the driver hands out and wants back. */
    private static final String[] RESOURCES = {
        "device_bytes",
        "device_allocations",
        "pinned_bytes",
        "pinned_allocations",
        "modules",
        "streams",
        "events",
        "contexts"
    };

    /** Built before the first test that needs it. */
    private static final class Built {
        static final Path LIBRARY = build();

        private static Path build() {
            String output = run("sh", "src/test/cuda/build-fake.sh", "target/fake-driver");
            String[] lines = output.strip().split("\\R");
            return MODULE.resolve(lines[lines.length - 1]);
        }
    }

    /** Whether tests run on it and not on a GPU. */
    static boolean isInUse() {
        return !ON_GPU;
    }

    static Path library() {
        return Built.LIBRARY;
    }

    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(MODULE.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean hasCompiler() {
        try {
            return new ProcessBuilder("sh", "-c", "command -v ${CXX:-g++}")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (ON_GPU) {
            return context.getTags().contains(TAG)
                    ? ConditionEvaluationResult.disabled("a GPU has no faults to arm and no counters")
                    : ConditionEvaluationResult.enabled("on the GPU");
        }
        return hasCompiler()
                ? ConditionEvaluationResult.enabled("g++ is there")
                : ConditionEvaluationResult.disabled("the kernels cannot be run without a GPU: g++ is not installed");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (ON_GPU) {
            return;
        }
        System.setProperty(PROPERTY, library().toString());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!ON_GPU && context.getRequiredTestClass().getEnclosingClass() == null) {
            reset();
            requireNothingLeft();
        }
    }

    /** Releases everything and counts what the driver has not got back. */
    static void requireNothingLeft() {
        CudaBackend.release();
        Map<String, Long> left = new LinkedHashMap<>();
        for (String resource : RESOURCES) {
            if (count(resource) != 0) {
                left.put(resource, count(resource));
            }
        }
        assertEquals(Map.of(), left, "left on the device");
    }

    /** Forgets all faults. */
    static void reset() {
        function("loss4j_fake_reset").invokeVoid(new Object[0]);
    }

    static void arm(String fault, long n) {
        assertEquals(0, function("loss4j_fake_fault").invokeInt(new Object[] {fault, n}), "fault " + fault);
    }

    static long count(String counter) {
        long n = function("loss4j_fake_count").invokeLong(new Object[] {counter});
        if (n < 0) {
            throw new IllegalArgumentException("no counter " + counter);
        }
        return n;
    }

    private static Function function(String name) {
        return NativeLibrary.getInstance(System.getProperty(PROPERTY)).getFunction(name);
    }
}
