package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays for results are the arrays that ND4J makes. */
class BlankArrayTest {
    private static Stream<Arguments> arrays() {
        long[][] shapes = {
            {1},
            {5},
            {1, 1},
            {1, 7},
            {7, 1},
            {1, 1, 5},
            {5, 1, 1},
            {3, 4},
            {2, 3, 4},
            {1, 3, 1},
            {2, 1, 4, 5},
            {2, 3, 1, 1},
            {2, 3, 4, 5, 1},
            {0, 4}
        };
        return Stream.of(shapes)
                .flatMap(shape -> Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16)
                        .flatMap(type -> Stream.of('c', 'f').map(order -> Arguments.of(type, shape, order))));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void arrayIsThatOfNd4j(DataType type, long[] shape, char order) {
        INDArray expected = shape[0] == 0 ? Nd4j.create(type, shape) : Nd4j.createUninitialized(type, shape, order);
        for (int time = 0; time < 2; time++) {
            INDArray found = BlankArray.of(type, shape, order);
            assertArrayEquals(expected.shapeInfoJava(), found.shapeInfoJava());
            if (!expected.isEmpty()) {
                assertArrayEquals(
                        expected.shapeInfoDataBuffer().asLong(),
                        found.shapeInfoDataBuffer().asLong());
                assertEquals(expected.data().length(), found.data().length());
                assertEquals(0, found.offset());
            }
            assertEquals(expected.isView(), found.isView());
            assertEquals(expected.isAttached(), found.isAttached());
            assertEquals(expected.closeable(), found.closeable());
        }
    }

    @Test
    void arraysShareNothingThatIsWritten() {
        INDArray one = BlankArray.of(DataType.FLOAT, new long[] {2, 3}, 'c').assign(1);
        INDArray two = BlankArray.of(DataType.FLOAT, new long[] {2, 3}, 'c').assign(2);
        assertNotEquals(one.data().address(), two.data().address());
        one.close();
        assertEquals(12, two.sumNumber().doubleValue());
        assertEquals(two, two.dup());
        assertEquals(Nd4j.valueArrayOf(new long[] {3, 2}, 2f), two.transpose().dup());
    }

    /** What ND4J keeps of the shape is not the array of the caller. */
    @Test
    void shapeOfTheCallerMayChange() {
        long[] shape = {11, 13};
        BlankArray.of(DataType.FLOAT, shape, 'c');
        shape[0] = 17;
        assertArrayEquals(
                new long[] {17, 13}, BlankArray.of(DataType.FLOAT, shape, 'c').shape());
        assertArrayEquals(
                new long[] {11, 13},
                BlankArray.of(DataType.FLOAT, new long[] {11, 13}, 'c').shape());
    }

    @Test
    @SuppressWarnings("try")
    void arrayIsInTheWorkspace() {
        WorkspaceConfiguration configuration =
                WorkspaceConfiguration.builder().initialSize(1 << 16).build();
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "BLANK")) {
            assertTrue(BlankArray.of(DataType.FLOAT, new long[] {2, 3}, 'c').isAttached());
        }
        assertFalse(BlankArray.of(DataType.FLOAT, new long[] {2, 3}, 'c').isAttached());
    }
}
