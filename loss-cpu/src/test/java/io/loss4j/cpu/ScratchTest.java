package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Weights;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.tensor.Rows;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ScratchTest {
    /** Objects of a call whatever its size; the arrays of the smallest call would take more. */
    private static final long BYTES_PER_CALL = 4096;

    private static final int CALLS = 50;
    /** For the compiler on a busy machine: until then vectors are objects. */
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

    @AfterEach
    void threadsAsBefore() {
        System.clearProperty(Crew.PROPERTY);
    }

    @Test
    void arraysAreLentOnceClearedAndKeptForTheNextCall() {
        float[] first;
        try (Scratch scratch = Scratch.open()) {
            first = scratch.floats(17);
            float[] second = scratch.floats(17);
            assertNotSame(first, second);
            assertSame(scratch, Scratch.ofThisThread());
            Arrays.fill(first, Float.NaN);
            scratch.doubles(3)[0] = 1;
            scratch.longs(3)[0] = 1;
            scratch.ints(3)[0] = 1;
            scratch.shorts(3)[0] = 1;
            scratch.booleans(3)[0] = true;
        }
        try (Scratch scratch = Scratch.open()) {
            assertSame(first, scratch.floats(17));
            assertEquals(16, scratch.floats(16).length);
            assertArrayEquals(new float[17], first);
            assertArrayEquals(new double[3], scratch.doubles(3));
            assertArrayEquals(new long[3], scratch.longs(3));
            assertArrayEquals(new int[3], scratch.ints(3));
            assertArrayEquals(new short[3], scratch.shorts(3));
            assertArrayEquals(new boolean[3], scratch.booleans(3));
            assertEquals(0, scratch.floats(0).length);
        }
    }

    @Test
    void callInsideAnotherHasArraysOfItsOwn() {
        try (Scratch outer = Scratch.open()) {
            float[] ofOuter = outer.floats(5);
            ofOuter[0] = 1;
            try (Scratch inner = Scratch.open()) {
                assertNotSame(ofOuter, inner.floats(5));
                assertSame(inner, Scratch.ofThisThread());
            }
            assertSame(outer, Scratch.ofThisThread());
            assertNotSame(ofOuter, outer.floats(5));
            assertEquals(1, ofOuter[0]);
        }
    }

    @Test
    void otherThreadsHaveArraysOfTheirOwn() {
        try (Scratch scratch = Scratch.open()) {
            float[] mine = scratch.floats(5);
            float[] others = CompletableFuture.supplyAsync(() -> {
                        try (Scratch theirs = Scratch.open()) {
                            return theirs.floats(5);
                        }
                    })
                    .join();
            assertNotSame(mine, others);
        }
    }

    @Test
    void whatNobodyHasOpenedKeepsNothing() {
        assertNotSame(Scratch.ofThisThread(), Scratch.ofThisThread());
    }

    @Test
    void largeArraysAndTooManyAreNotKept() {
        float[] large;
        float[] small;
        try (Scratch scratch = Scratch.open()) {
            large = scratch.floats(Scratch.LARGEST_KEPT / Float.BYTES + 1);
            small = scratch.floats(9);
        }
        try (Scratch scratch = Scratch.open()) {
            assertNotSame(large, scratch.floats(large.length));
            assertSame(small, scratch.floats(9));
            for (int bytes = 0; bytes <= Scratch.MOST_KEPT; bytes += Scratch.LARGEST_KEPT) {
                scratch.floats(Scratch.LARGEST_KEPT / Float.BYTES);
            }
        }
        try (Scratch scratch = Scratch.open()) {
            assertNotSame(small, scratch.floats(9));
        }
    }

    /** One after the other: lengths that nobody asks for any more make room. */
    @Test
    void arraysOfFormerJobsMakeRoom() {
        for (int length = 1; length < 1000; length++) {
            float[] last;
            try (Scratch scratch = Scratch.open()) {
                last = scratch.floats(length);
            }
            try (Scratch scratch = Scratch.open()) {
                assertSame(last, scratch.floats(length));
            }
        }
    }

    private static Stream<Arguments> calls() {
        return Stream.of(
                Arguments.of(new SoftmaxCrossEntropy(), 32, 10, false),
                Arguments.of(new SoftmaxCrossEntropy(), 4096, 100, true),
                Arguments.of(new SoftmaxFocal(2), 256, 100, true),
                Arguments.of(new SigmoidCrossEntropy(), 32, 10, false),
                Arguments.of(new SigmoidFocal(2.5), 256, 100, false));
    }

    /**
     * Only in the thread that calls, and the least of many calls: what is not compiled yet makes objects. Without vectors,
     * which may stay objects in a JVM that has run much else; with them HotLoopTest counts, in JVMs of their own.
     */
    @ParameterizedTest
    @MethodSource("calls")
    void callAllocatesNoArrays(LossSpec loss, int rows, int columns, boolean index) {
        assumeTrue(Simd.primitives() instanceof ScalarPrimitives, "vectors may be objects");
        System.setProperty(Crew.PROPERTY, "1");
        LossJob job = job(loss, rows, columns, index);
        CpuBackend backend = new CpuBackend();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        long start = System.nanoTime();
        while (least > BYTES_PER_CALL && System.nanoTime() - start < PATIENCE) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int call = 0; call < CALLS; call++) {
                backend.compute(job);
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / CALLS);
        }
        assertTrue(least <= BYTES_PER_CALL, least + " bytes per call");
    }

    private static LossJob job(LossSpec loss, int rows, int columns, boolean index) {
        INDArray predictions = Nd4j.rand(DataType.FLOAT, rows, columns);
        INDArray labels = index ? Nd4j.zeros(DataType.INT32, rows) : Nd4j.zeros(DataType.FLOAT, rows, columns);
        for (int r = 0; r < rows; r++) {
            if (index) {
                labels.putScalar(r, r % columns);
            } else {
                labels.putScalar(r, r % columns, 1);
            }
        }
        INDArray gradient = Nd4j.create(DataType.FLOAT, rows, columns);
        return new LossJob(
                loss,
                Rows.of(predictions),
                new Labels(index ? Rows.each(labels) : Rows.of(labels), index, 0, OptionalLong.empty()),
                Weights.NONE,
                LogitTransform.IDENTITY,
                0,
                1,
                new Outputs(true, Rows.of(gradient), null));
    }
}
