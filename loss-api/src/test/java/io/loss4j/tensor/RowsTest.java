package io.loss4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Reading and writing through {@link Rows} against reading and writing element by element through ND4J. */
class RowsTest {
    private static final DataType[] READABLE = {
        DataType.FLOAT,
        DataType.DOUBLE,
        DataType.FLOAT16,
        DataType.BFLOAT16,
        DataType.INT32,
        DataType.INT64,
        DataType.INT16,
        DataType.INT8,
        DataType.UINT8,
        DataType.UINT16,
        DataType.UINT32,
        DataType.UINT64,
        DataType.BOOL
    };
    private static final DataType[] WRITABLE = {DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16};

    /** A view and the array that it looks into, which is the view itself where there is no other. */
    private record Layout(String name, INDArray whole, INDArray view) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static INDArray counting(char order, long... shape) {
        long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        INDArray flat = Nd4j.create(DataType.DOUBLE, length);
        for (long i = 0; i < length; i++) {
            flat.putScalar(i, i + 1);
        }
        return flat.reshape(shape).dup(order);
    }

    private static Layout plain(char order, long... shape) {
        INDArray array = counting(order, shape);
        return new Layout(order + Arrays.toString(shape), array, array);
    }

    private static Layout view(String name, INDArray whole, INDArray view) {
        return new Layout(name, whole, view);
    }

    static Stream<Layout> layouts() {
        List<Layout> all = new ArrayList<>();
        for (char order : new char[] {'c', 'f'}) {
            // 1 and primes; 1023 to 1025 are the ends of the chunks in which strided memory is picked apart
            for (long[] shape : new long[][] {
                {1},
                {7},
                {1025},
                {1, 1},
                {1, 5},
                {5, 1},
                {3, 7},
                {1023, 2},
                {1024, 3},
                {1025, 2},
                {2, 1025},
                {2, 3, 5},
                {3, 1, 4},
                {1, 4, 1},
                {4, 2, 1},
                {2, 3, 2, 4},
                {3, 2, 1, 5},
                {1, 3, 4, 1},
                {2, 3, 2, 1, 3},
                {2, 2, 3, 2, 2}
            }) {
                all.add(plain(order, shape));
            }
            INDArray matrix = counting(order, 11, 13);
            all.add(view(order + " rows 2 to 8", matrix, matrix.get(NDArrayIndex.interval(2, 9), NDArrayIndex.all())));
            all.add(view(
                    order + " columns 3 to 6", matrix, matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(3, 7))));
            all.add(view(
                    order + " every second of both",
                    matrix,
                    matrix.get(NDArrayIndex.interval(1, 2, 11), NDArrayIndex.interval(0, 2, 13))));
            all.add(view(order + " transposed", matrix, matrix.transpose()));
            all.add(view(order + " one column", matrix, matrix.getColumn(4, true)));
            all.add(view(order + " one row", matrix, matrix.getRow(4, true)));
            all.add(view(order + " one column as vector", matrix, matrix.getColumn(4)));
            all.add(view(order + " one row as vector", matrix, matrix.getRow(4)));
            INDArray wide = counting(order, 40, 40);
            all.add(view(
                    order + " far apart",
                    wide,
                    wide.get(NDArrayIndex.interval(1, 3, 40), NDArrayIndex.interval(2, 19, 40))));
            INDArray cube = counting(order, 4, 5, 6);
            all.add(view(order + " permuted 2 0 1", cube, cube.permute(2, 0, 1)));
            all.add(view(order + " permuted 1 2 0", cube, cube.permute(1, 2, 0)));
            all.add(view(
                    order + " last step",
                    cube,
                    cube.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(5))));
            all.add(view(
                    order + " steps 1 to 1",
                    cube,
                    cube.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(1, 2))));
            all.add(view(
                    order + " steps 2 to 4",
                    cube,
                    cube.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3), NDArrayIndex.interval(2, 5))));
            INDArray images = counting(order, 3, 4, 5, 2);
            all.add(view(order + " channels last", images, images.permute(0, 3, 1, 2)));
            all.add(view(
                    order + " part of images",
                    images,
                    images.get(
                            NDArrayIndex.interval(1, 3),
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(0, 2, 5),
                            NDArrayIndex.all())));
        }
        return all.stream();
    }

    /** The array as rows x columns by ND4J's own indexing: columns on axis 1, other axes in 'c' order. */
    private static double[][] expected(INDArray array) {
        List<long[]> positions = positions(array);
        int columns = array.rank() < 2 ? 1 : (int) array.size(1);
        double[][] table = new double[positions.size() / columns][columns];
        for (int i = 0; i < positions.size(); i++) {
            table[i / columns][i % columns] = array.getDouble(positions.get(i));
        }
        return table;
    }

    /** All index tuples, rows outside, columns innermost. */
    private static List<long[]> positions(INDArray array) {
        long[] shape = array.shape();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < shape.length; axis++) {
            if (axis != 1) {
                axes.add(axis);
            }
        }
        if (shape.length > 1) {
            axes.add(1);
        }
        List<long[]> all = new ArrayList<>();
        for (long i = 0; i < array.length(); i++) {
            long rest = i;
            long[] position = new long[shape.length];
            for (int a = axes.size() - 1; a >= 0; a--) {
                int axis = axes.get(a);
                position[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            all.add(position);
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void r5_1_everyLayoutReadsAsRowsAndColumns(Layout layout) {
        double[][] expected = expected(layout.view());
        Rows rows = Rows.of(layout.view());
        int columns = expected[0].length;
        assertEquals(expected.length, rows.rows());
        assertEquals(columns, rows.columns());
        assertEquals(layout.view().length(), rows.elements());
        for (int[] part : parts(expected.length)) {
            for (int[] cut : parts(columns)) {
                int n = part[1] * cut[1];
                double[] doubles = new double[n + 2];
                float[] floats = new float[n + 2];
                rows.load(part[0], part[1], cut[0], cut[1], doubles, 1);
                rows.load(part[0], part[1], cut[0], cut[1], floats, 1);
                for (int i = 0; i < n; i++) {
                    double element = expected[part[0] + i / cut[1]][cut[0] + i % cut[1]];
                    assertEquals(element, doubles[1 + i]);
                    assertEquals(element, floats[1 + i]);
                }
                assertEquals(0, doubles[0] + doubles[n + 1] + floats[0] + floats[n + 1], "beyond the tile");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void r5_1_everyLayoutReadsTransposed(Layout layout) {
        double[][] expected = expected(layout.view());
        int columns = expected[0].length;
        for (int[] part : parts(expected.length)) {
            int pitch = part[1] + 3;
            float[] tile = new float[columns * pitch];
            Arrays.fill(tile, -1);
            Rows.of(layout.view()).loadTransposed(part[0], part[1], tile, pitch);
            for (int k = 0; k < columns; k++) {
                for (int r = 0; r < pitch; r++) {
                    assertEquals(r < part[1] ? expected[part[0] + r][k] : -1, tile[k * pitch + r]);
                }
            }
        }
    }

    /** First and count: everything, nothing, one, the ends, the middle. */
    private static int[][] parts(int n) {
        return n == 1
                ? new int[][] {{0, 1}, {0, 0}}
                : new int[][] {{0, n}, {0, 0}, {0, 1}, {n - 1, 1}, {1, n - 1}, {n / 3, n - n / 3 - 1}};
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void r5_1_everyLayoutIsWrittenAndNothingElse(Layout layout) {
        for (DataType type : WRITABLE) {
            for (boolean inFloat : new boolean[] {true, false}) {
                written(layout, type, inFloat);
            }
        }
    }

    private static void written(Layout layout, DataType type, boolean inFloat) {
        INDArray whole = layout.whole().castTo(type);
        whole.assign(-1);
        INDArray view = sameView(layout, whole);
        Rows rows = Rows.of(view);
        int columns = rows.columns();
        for (int[] part : parts((int) rows.rows())) {
            for (int[] cut : parts(columns)) {
                if (whole.length() > 1000 && part[0] == 0 != (cut[0] == 0)) {
                    continue; // large arrays are there for their long runs
                }
                whole.assign(-1);
                int n = part[1] * cut[1];
                double[] doubles = new double[n + 1];
                float[] floats = new float[n + 1];
                for (int i = 0; i < n; i++) {
                    doubles[1 + i] = i % 200; // a whole number that bfloat16 can hold
                    floats[1 + i] = i % 200;
                }
                if (inFloat) {
                    rows.store(floats, 1, part[0], part[1], cut[0], cut[1]);
                } else {
                    rows.store(doubles, 1, part[0], part[1], cut[0], cut[1]);
                }
                double[][] found = expected(view);
                double sum = 0;
                for (int r = 0; r < found.length; r++) {
                    for (int k = 0; k < columns; k++) {
                        boolean inside = r >= part[0] && r < part[0] + part[1] && k >= cut[0] && k < cut[0] + cut[1];
                        int i = (r - part[0]) * cut[1] + k - cut[0];
                        assertEquals(inside ? i % 200 : -1, found[r][k], type + " " + r + ", " + k);
                        sum += found[r][k];
                    }
                }
                double untouched = whole.length() - view.length();
                assertEquals(
                        sum - untouched,
                        whole.castTo(DataType.DOUBLE).sumNumber().doubleValue(),
                        "outside the view");
            }
        }
        int pitch = (int) rows.rows() + 2;
        float[] tile = new float[columns * pitch];
        for (int k = 0; k < columns; k++) {
            for (int r = 0; r < rows.rows(); r++) {
                tile[k * pitch + r] = (r * 3 + k) % 200;
            }
        }
        whole.assign(-1);
        rows.storeTransposed(tile, pitch, 0, (int) rows.rows());
        double[][] found = expected(view);
        for (int r = 0; r < found.length; r++) {
            for (int k = 0; k < columns; k++) {
                assertEquals((r * 3 + k) % 200, found[r][k], type + " transposed " + r + ", " + k);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void r5_1_bitsOfHalvesMoveLikeTheirNumbers(Layout layout) {
        INDArray whole = layout.whole().castTo(DataType.BFLOAT16);
        Rows from = Rows.of(sameView(layout, whole));
        INDArray copy = whole.dup(whole.ordering()).assign(-1);
        Rows to = Rows.of(sameView(layout, copy));
        int columns = from.columns();
        int n = (int) from.rows();
        int pitch = n + 2;
        short[] bits = new short[n * columns];
        short[] transposed = new short[columns * pitch];
        from.load(0, n, 0, columns, bits, 0);
        from.loadTransposed(0, n, transposed, pitch);
        float[] expected = new float[n * columns];
        from.load(0, n, 0, columns, expected, 0);
        for (int i = 0; i < bits.length; i++) {
            assertEquals(expected[i], Half.bfloatToFloat(bits[i]));
            assertEquals(bits[i], transposed[i % columns * pitch + i / columns]);
        }
        float[] found = new float[n * columns];
        to.store(bits, 0, 0, n, 0, columns);
        to.load(0, n, 0, columns, found, 0);
        assertArrayEquals(expected, found);
        copy.assign(-1);
        to.storeTransposed(transposed, pitch, 0, n);
        to.load(0, n, 0, columns, found, 0);
        assertArrayEquals(expected, found);
    }

    /** The view of another array of the same shape and order that the layout has of its own. */
    private static INDArray sameView(Layout layout, INDArray whole) {
        if (layout.view() == layout.whole()) {
            return whole;
        }
        INDArray v = layout.view();
        assertEquals(layout.whole().ordering(), whole.ordering());
        return Nd4j.create(whole.data(), v.shape(), v.stride(), v.offset(), v.ordering());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void r5_2_everyNumericTypeIsRead(Layout layout) {
        for (DataType type : READABLE) {
            INDArray source = layout.whole().dup(layout.whole().ordering());
            // numbers that every type can hold; a truth value holds 0 and 1
            for (long i = 0; i < source.length(); i++) {
                source.putScalar(i, type == DataType.BOOL ? i % 3 % 2 : i * 7 % 127);
            }
            INDArray view = sameView(layout, source.castTo(type));
            double[][] expected = expected(sameView(layout, source));
            int columns = expected[0].length;
            double[] doubles = new double[expected.length * columns];
            float[] floats = new float[expected.length * columns];
            float[] transposed = new float[expected.length * columns];
            Rows rows = Rows.of(view);
            rows.load(0, expected.length, 0, columns, doubles, 0);
            rows.load(0, expected.length, 0, columns, floats, 0);
            rows.loadTransposed(0, expected.length, transposed, expected.length);
            for (int i = 0; i < doubles.length; i++) {
                int r = i / columns;
                int k = i % columns;
                assertEquals(expected[r][k], doubles[i], type + " double");
                assertEquals(expected[r][k], floats[i], type + " float");
                assertEquals(expected[r][k], transposed[k * expected.length + r], type + " transposed");
            }
            if (columns == 1) {
                long[] indices = new long[expected.length];
                rows.loadIndices("test", 0, expected.length, indices);
                for (int r = 0; r < indices.length; r++) {
                    assertEquals((long) expected[r][0], indices[r], type + " index");
                }
            }
        }
    }

    @Test
    void r5_2_theEndsOfTheIntegerTypes() {
        assertElement(-128, Nd4j.scalar(-128).castTo(DataType.INT8));
        assertElement(255, Nd4j.scalar(255).castTo(DataType.UINT8));
        assertElement(-32768, Nd4j.scalar(-32768).castTo(DataType.INT16));
        assertElement(65535, Nd4j.scalar(65535).castTo(DataType.UINT16));
        assertElement(4294967295.0, Nd4j.scalar(4294967295L).castTo(DataType.UINT32));
        assertElement(Integer.MIN_VALUE, Nd4j.scalar(Integer.MIN_VALUE));
        assertElement(-5e15, Nd4j.scalar(-5_000_000_000_000_000L));
        INDArray huge = Nd4j.create(DataType.UINT64, 1);
        huge.data().put(0, -1L); // all bits set
        assertElement(0x1p64, huge);
    }

    private static void assertElement(double expected, INDArray array) {
        double[] found = new double[1];
        Rows.each(array).load(0, 1, 0, 1, found, 0);
        assertEquals(expected, found[0], array.dataType().toString());
    }

    @Test
    void wholeNumbersBeyondFloatKeepTheirDigits() {
        long[] labels = {16_777_217L, -1, Long.MAX_VALUE};
        long[] found = new long[3];
        Rows.each(Nd4j.createFromArray(labels)).loadIndices("test", 0, 3, found);
        assertEquals(Arrays.toString(labels), Arrays.toString(found));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
    void r3_4_anIndexThatIsNotWholeIsRefusedByRow(DataType type) {
        for (double bad : new double[] {0.5, -1.5, Double.NaN, Double.POSITIVE_INFINITY}) {
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, 1500);
            labels.putScalar(1200, bad);
            Rows rows = Rows.each(labels.castTo(type));
            LossInputException e =
                    assertThrows(LossInputException.class, () -> rows.loadIndices("who", 100, 1400, new long[1400]));
            assertEquals("L4J-L02", e.code());
            assertTrue(e.getMessage().contains("who: the label of row 1200 is " + bad), e.getMessage());
        }
    }

    @Test
    void scalarsAreOneRow() {
        Rows rows = Rows.of(Nd4j.scalar(3.5));
        assertEquals(1, rows.rows());
        assertEquals(1, rows.columns());
        double[] found = new double[1];
        rows.load(0, 1, 0, 1, found, 0);
        assertEquals(3.5, found[0]);
    }

    @Test
    void r5_3_emptyBatchesHaveNoRows() {
        for (INDArray empty : List.of(Nd4j.create(DataType.FLOAT, 0, 3), Nd4j.create(DataType.FLOAT, 0L))) {
            Rows rows = Rows.of(empty);
            assertEquals(0, rows.rows());
            assertEquals(0, rows.elements());
            rows.load(0, 0, 0, rows.columns(), new float[0], 0);
        }
        assertEquals(0, Rows.of(Nd4j.create(DataType.FLOAT, 3, 0)).columns());
    }

    @Test
    void r3_3_formsOfMasks() {
        INDArray row = counting('c', 2);
        double[][] perRow = {{1}, {2}};
        assertMask(perRow, row, 2, 3);
        assertMask(perRow, row.reshape(2, 1), 2, 3);
        assertMask(perRow, row, 2, 1);
        assertMask(new double[][] {{1, 2, 3}, {4, 5, 6}}, counting('f', 2, 3), 2, 3);
        // one weight per example of a sequence or image repeats over its steps
        double[][] repeated = {{1}, {1}, {1}, {1}, {2}, {2}, {2}, {2}};
        assertMask(repeated, row, 2, 3, 4);
        assertMask(repeated, row.reshape(2, 1), 2, 3, 4);
        assertMask(repeated, row.reshape(2, 1), 2, 3, 2, 2);
        double[][] perStep = {{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}};
        assertMask(perStep, counting('c', 2, 4), 2, 3, 4);
        assertMask(perStep, counting('f', 2, 4), 2, 3, 4);
        assertMask(perStep, counting('f', 2, 1, 4), 2, 3, 4);
        assertMask(perStep, counting('c', 2, 2, 2), 2, 3, 2, 2);
        assertMask(perStep, counting('c', 2, 1, 2, 2), 2, 3, 2, 2);
        assertMask(expected(counting('c', 2, 3, 4)), counting('f', 2, 3, 4), 2, 3, 4);
        assertMask(new double[][] {{1}}, counting('c', 1, 1), 1, 1);
        assertMask(new double[][] {{1}}, counting('c', 1, 1), 1, 5);
        INDArray wide = counting('c', 2, 7);
        assertMask(new double[][] {{4}, {11}}, wide.getColumn(3), 2, 5);
    }

    private static void assertMask(double[][] expected, INDArray mask, long... predictions) {
        Rows rows = Rows.mask("who", mask, predictions);
        String shapes = Arrays.toString(mask.shape()) + " for " + Arrays.toString(predictions);
        assertEquals(expected.length, rows.rows(), shapes);
        assertEquals(expected[0].length, rows.columns(), shapes);
        for (int r = 0; r < expected.length; r++) {
            double[] found = new double[rows.columns()];
            rows.load(r, 1, 0, found.length, found, 0);
            assertEquals(Arrays.toString(expected[r]), Arrays.toString(found), shapes);
        }
        double[] all = new double[(int) rows.elements()];
        rows.load(0, expected.length, 0, rows.columns(), all, 0);
        assertEquals(expected[expected.length - 1][rows.columns() - 1], all[all.length - 1], shapes);
    }

    @Test
    void r9_masksOfOtherShapesAreRefused() {
        for (long[] shape : new long[][] {{3}, {3, 1}, {2, 2}, {1, 2}, {2, 3, 1}, {2, 1, 1}}) {
            LossInputException e = assertThrows(
                    LossInputException.class,
                    () -> Rows.mask("who", Nd4j.ones(DataType.FLOAT, shape), new long[] {2, 3}));
            assertEquals("L4J-S03", e.code());
            assertTrue(e.getMessage().contains("shapes: mask " + Arrays.toString(shape)), e.getMessage());
        }
        assertThrows(
                LossInputException.class,
                () -> Rows.mask("who", Nd4j.ones(DataType.FLOAT, 2, 5), new long[] {2, 3, 4}));
    }

    @Test
    void columnsAreRecognisedByShape() {
        assertTrue(Rows.isColumnFor(new long[] {5}, new long[] {5, 3}));
        assertTrue(Rows.isColumnFor(new long[] {5, 1}, new long[] {5, 3}));
        assertTrue(Rows.isColumnFor(new long[] {5}, new long[] {5}));
        assertTrue(Rows.isColumnFor(new long[] {5, 7}, new long[] {5, 3, 7}));
        assertTrue(Rows.isColumnFor(new long[] {5, 1, 7}, new long[] {5, 3, 7}));
        assertFalse(Rows.isColumnFor(new long[] {5, 3}, new long[] {5, 3}));
        assertFalse(Rows.isColumnFor(new long[] {1, 5}, new long[] {5, 3}));
        assertFalse(Rows.isColumnFor(new long[] {4}, new long[] {5, 3}));
        assertFalse(Rows.isColumnFor(new long[] {5, 3, 7}, new long[] {5, 3, 7}));
        assertFalse(Rows.isColumnFor(new long[0], new long[] {5, 3}));
    }

    @Test
    void denseArraysOfOneLayoutAreFlat() {
        for (char order : new char[] {'c', 'f'}) {
            for (long[] shape : new long[][] {{6}, {4, 5}, {1, 5}, {5, 1}, {2, 3, 4}, {2, 1, 4}, {2, 3, 2, 2}}) {
                INDArray x = counting(order, shape);
                INDArray y = x.mul(10);
                Rows[] flat = Rows.flat(Rows.of(x), Rows.of(y.dup(order)));
                assertNotNull(flat, order + Arrays.toString(shape));
                int n = (int) x.length();
                double[] a = new double[n];
                double[] b = new double[n];
                assertEquals(n, flat[0].rows());
                assertEquals(1, flat[0].columns());
                flat[0].load(0, n, 0, 1, a, 0);
                flat[1].load(0, n, 0, 1, b, 0);
                Set<Double> seen = new HashSet<>();
                for (int i = 0; i < n; i++) {
                    assertEquals(10 * a[i], b[i], "the same element of both");
                    seen.add(a[i]);
                }
                assertEquals(n, seen.size(), "every element once");
            }
        }
        // permuted in the same way is still dense
        INDArray cube = counting('c', 2, 3, 4).permute(1, 2, 0);
        assertNotNull(Rows.flat(Rows.of(cube), Rows.of(cube)));
    }

    @Test
    void differentLayoutsAndGapsAreNotFlat() {
        INDArray c = counting('c', 4, 5);
        INDArray f = counting('f', 4, 5);
        assertNull(Rows.flat(Rows.of(c), Rows.of(f)));
        assertNull(Rows.flat(Rows.of(c), Rows.of(counting('c', 5, 4))));
        INDArray part = counting('c', 4, 9).get(NDArrayIndex.all(), NDArrayIndex.interval(1, 6));
        assertNull(Rows.flat(Rows.of(part)));
        INDArray sparse = counting('c', 8, 5).get(NDArrayIndex.interval(0, 2, 8), NDArrayIndex.all());
        assertNull(Rows.flat(Rows.of(sparse)));
        // repeated weights take no memory of their own
        Rows repeated = Rows.mask("who", counting('c', 2), new long[] {2, 1, 4});
        assertNull(Rows.flat(repeated));
        // a dense part is flat, from its own beginning
        Rows[] flat = Rows.flat(Rows.of(c.get(NDArrayIndex.interval(1, 3), NDArrayIndex.all())));
        assertNotNull(flat);
        double[] first = new double[1];
        flat[0].load(0, 1, 0, 1, first, 0);
        assertEquals(6, first[0]);
        assertEquals(
                c.data().address() + 5L * c.data().getElementSize(),
                flat[0].address().orElseThrow());
    }

    @Test
    void onlyOneColumnWithoutGapsHasAnAddress() {
        INDArray c = counting('c', 4, 5);
        assertTrue(Rows.of(c).address().isEmpty());
        assertTrue(Rows.of(c.getColumn(1, true)).address().isEmpty());
        assertTrue(Rows.each(c.getColumn(1)).address().isEmpty());
        assertEquals(c.data().address(), Rows.each(c).address().orElseThrow());
        assertTrue(Rows.of(Nd4j.empty(DataType.FLOAT).reshape(0, 1)).address().isEmpty());
    }

    @Test
    void memoryOrderIsTold() {
        assertFalse(Rows.of(counting('c', 4, 5)).isColumnMajor());
        assertTrue(Rows.of(counting('f', 4, 5)).isColumnMajor());
        assertFalse(Rows.of(counting('f', 4, 1)).isColumnMajor());
        Rows sequence = Rows.of(counting('c', 2, 3, 4));
        assertTrue(sequence.isColumnMajor());
        assertEquals(1, sequence.rowStride());
        assertEquals(4, sequence.columnStride());
        assertEquals("DOUBLE [2, 3, 4]", sequence.toString());
    }

    @Test
    void textIsNotRead() {
        Rows words = Rows.each(Nd4j.create("a", "b"));
        assertThrows(IllegalArgumentException.class, () -> words.load(0, 2, 0, 1, new double[2], 0));
        Rows whole = Rows.each(Nd4j.createFromArray(1, 2));
        assertThrows(IllegalArgumentException.class, () -> whole.store(new double[2], 0, 0, 2, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> whole.store(new float[2], 0, 0, 2, 0, 1));
    }

    @Test
    void intsAreReadInOneGoOnlyWhereTheyLieSideBySide() {
        INDArray labels = Nd4j.createFromArray(3, 1, -2, 7);
        int[] read = new int[3];
        assertTrue(Rows.each(labels).loadInts(1, 3, read));
        assertArrayEquals(new int[] {1, -2, 7}, read);
        INDArray column =
                Nd4j.createFromArray(new int[][] {{3, 0}, {1, 0}, {-2, 0}}).getColumn(0);
        assertFalse(Rows.each(column).loadInts(0, 3, read));
        assertFalse(Rows.each(labels.castTo(DataType.INT64)).loadInts(0, 3, read));
        assertArrayEquals(new int[] {1, -2, 7}, read);
    }
}
