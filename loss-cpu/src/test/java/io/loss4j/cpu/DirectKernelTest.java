package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.Huber;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SmoothL1;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Losses from memory to memory against the tiles, which take whatever has gaps, and against the formula in double. Without
 * SIMD there are none, and the tiles meet themselves.
 */
class DirectKernelTest {
    /** Less than a vector, whole vectors and not, a tile and not, several chunks. */
    private static final int[] SIZES = {1, 7, 16, 64, 65, 1000, 1023, 1024, 1025, 5000, 70_001};

    static List<ElementwiseLoss> losses() {
        return List.of(
                new SigmoidCrossEntropy(),
                new SigmoidFocal(0.25, 2.0),
                new SigmoidFocal(0.4, 1.0),
                new SigmoidFocal(2.0),
                new MeanSquaredError(),
                new MeanAbsoluteError(),
                new Huber(1.5),
                new SmoothL1(0.7),
                new SmoothL1(0));
    }

    @AfterEach
    void threadsAsBefore() {
        System.clearProperty(Crew.PROPERTY);
    }

    private static INDArray numbers(int n, boolean bits) {
        Random random = new Random(n);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = bits ? random.nextInt(2) : (float) (3 * random.nextGaussian());
        }
        return Nd4j.createFromArray(x).reshape(n, 1);
    }

    private static INDArray labels(ElementwiseLoss loss, int n) {
        boolean bits = loss instanceof SigmoidCrossEntropy || loss instanceof SigmoidFocal;
        return numbers(bits ? n : n + 1, bits).get(NDArrayIndex.interval(0, n), NDArrayIndex.all());
    }

    /** The same numbers with gaps between them, which only tiles can read. */
    private static INDArray withGaps(INDArray x) {
        INDArray view = Nd4j.create(DataType.FLOAT, x.rows(), 3).get(NDArrayIndex.all(), NDArrayIndex.interval(1, 2));
        return view.assign(x);
    }

    private static void assertWithin(int ulps, float expected, float found, String what, int at) {
        assertTrue(
                Float.compare(expected, found) == 0 || Math.abs(expected - found) <= ulps * Math.ulp(expected),
                what + ": element " + at + " is " + found + ", expected " + expected);
    }

    private static LossFunction of(ElementwiseLoss loss) {
        return LossFunction.of(loss).withReduction(Reduction.SUM);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r5_1_gradientsHaveTheBitsOfTheTiles(ElementwiseLoss loss) {
        for (int n : SIZES) {
            INDArray x = numbers(n, false);
            INDArray y = labels(loss, n);
            for (Reduction reduction : List.of(Reduction.SUM, Reduction.MEAN)) {
                LossFunction f = of(loss).withReduction(reduction);
                LossResult direct = f.valueAndGradient(x, y);
                LossResult tiles = f.valueAndGradient(withGaps(x), y);
                // Focal losses multiply in another order here; smooth_l1 is a scaled huber, and divides there.
                int ulps =
                        loss instanceof SigmoidFocal ? 4 : loss instanceof SmoothL1 smooth && smooth.beta() > 0 ? 2 : 0;
                for (int i = 0; i < n; i++) {
                    assertWithin(
                            ulps,
                            tiles.gradient().getFloat(i),
                            direct.gradient().getFloat(i),
                            loss + ", " + n,
                            i);
                }
                assertEquals(tiles.value(), direct.value(), 1e-6 * tiles.value(), loss + " of " + n);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r1_1_valuesAndGradientsAreThoseOfTheFormula(ElementwiseLoss loss) {
        INDArray x = numbers(5000, false);
        INDArray y = labels(loss, 5000);
        LossResult exact = of(loss).valueAndGradient(x.castTo(DataType.DOUBLE), y.castTo(DataType.DOUBLE));
        LossResult direct = of(loss).valueAndGradient(x, y);
        assertEquals(exact.value(), direct.value(), 5e-7 * exact.value());
        for (int i = 0; i < 5000; i++) {
            double expected = exact.gradient().getDouble(i);
            assertEquals(expected, direct.gradient().getDouble(i), 2e-6 * Math.abs(expected) + 1e-37, "element " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r4_1_sameBitsWhateverElseIsWanted(ElementwiseLoss loss) {
        for (int n : new int[] {16, 1025, 70_001}) {
            INDArray x = numbers(n, false);
            INDArray y = labels(loss, n);
            LossFunction f = of(loss);
            LossResult both = f.valueAndGradient(x, y);
            assertEquals(both.value(), f.value(x, y), 0);
            assertEquals(both.gradient(), f.gradient(x, y));
            LossResult none = f.withReduction(Reduction.NONE).valueAndGradient(x, y);
            assertEquals(both.value(), none.value(), 0);
            assertEquals(both.gradient(), none.gradient());
        }
    }

    @Test
    void r4_1_sameBitsWithAReportByClass() {
        INDArray x = numbers(5000, false);
        INDArray y = labels(new SigmoidCrossEntropy(), 5000);
        LossFunction f = of(new SigmoidCrossEntropy());
        LossResult plain = f.valueAndGradient(x, y);
        LossResult diagnosed = f.diagnose(x, y);
        assertEquals(plain.value(), diagnosed.value(), 0);
        assertEquals(plain.gradient(), diagnosed.gradient());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r4_3_sameBitsForOneTwoAndSevenThreads(ElementwiseLoss loss) {
        INDArray x = numbers(70_001, false);
        INDArray y = labels(loss, 70_001);
        System.setProperty(Crew.PROPERTY, "1");
        LossResult one = of(loss).valueAndGradient(x, y);
        for (String threads : List.of("2", "7")) {
            System.setProperty(Crew.PROPERTY, threads);
            LossResult more = of(loss).valueAndGradient(x, y);
            assertEquals(one.value(), more.value(), 0);
            assertEquals(one.gradient(), more.gradient());
        }
    }

    /** Infinite and NaN logits, extremes, and labels that are neither 0 nor 1: one of them in its tile. */
    @ParameterizedTest
    @MethodSource("losses")
    void r1_4_oddNumbersGoThroughTheTiles(ElementwiseLoss loss) {
        float[][] odd = {
            {Float.POSITIVE_INFINITY, 0},
            {Float.POSITIVE_INFINITY, 1},
            {Float.NEGATIVE_INFINITY, 0},
            {Float.NEGATIVE_INFINITY, 1},
            {Float.NaN, 1},
            {3e38f, 0},
            {-3e38f, 1},
            {1e20f, 0},
            {1e-45f, 1},
            {0.5f, 0.3f},
            {-120, 1e-30f},
        };
        // A tile with a soft label goes by the formula, and tiles begin elsewhere here.
        int ulps = loss instanceof SigmoidFocal ? 16 : 4;
        for (float[] pair : odd) {
            for (int at : new int[] {0, 700, 1023, 1050}) {
                INDArray x = numbers(1060, false);
                INDArray y = labels(loss, 1060).dup();
                x.putScalar(at, pair[0]);
                y.putScalar(at, pair[1]);
                for (boolean gradientOnly : new boolean[] {false, true}) {
                    String what = loss + ", " + Arrays.toString(pair) + " at " + at;
                    INDArray direct = gradientOnly
                            ? of(loss).gradient(x, y)
                            : of(loss).valueAndGradient(x, y).gradient();
                    INDArray tiles = of(loss).gradient(withGaps(x), y);
                    for (int i = 0; i < 1060; i++) {
                        assertWithin(ulps, tiles.getFloat(i), direct.getFloat(i), what, i);
                    }
                }
                double expected = of(loss).value(withGaps(x), y);
                double found = of(loss).value(x, y);
                assertTrue(
                        Double.compare(expected, found) == 0 || Math.abs(expected - found) <= 1e-6 * expected,
                        loss + ", " + Arrays.toString(pair) + ": " + found + ", expected " + expected);
            }
        }
    }

    @Test
    void r5_2_piecesOfALongArrayAreReadOneAfterTheOther() {
        Primitives primitives = Simd.primitives();
        assumeTrue(primitives.reachesMemory(), "without SIMD everything goes by tiles, which know no pieces");
        int n = 4096;
        INDArray x = numbers(n, false);
        INDArray y = numbers(n, true);
        INDArray gradient = Nd4j.create(DataType.FLOAT, n, 1);
        DirectLosses.Memory memory = new DirectLosses.Memory(pieces(x, n), pieces(y, n), pieces(gradient, n), 1, true);
        double sum = 0;
        for (int first = 0; first < n; first += 1024) {
            sum += primitives.directLosses(new float[DirectLosses.MOST]).sigmoidCrossEntropy(memory, first, 1024);
        }
        LossResult expected = of(new SigmoidCrossEntropy()).valueAndGradient(x, y);
        assertEquals(expected.value(), sum, 0);
        assertEquals(expected.gradient(), gradient);
    }

    @Test
    void r5_2_aPieceHoldsWhatLiesWithinIt() {
        FloatMemory memory = pieces(numbers(4096, false), 4090);
        assertTrue(memory.holds(0, 2048));
        assertTrue(memory.holds(2048, 2042));
        assertFalse(memory.holds(0, 2049));
        assertFalse(memory.holds(2047, 2));
        assertFalse(memory.holds(2048, 2043));
    }

    @Test
    void r5_1_onlyRowsOneBehindTheOtherHaveMemory() {
        INDArray c = Nd4j.create(DataType.FLOAT, 4, 6);
        assertNotNull(FloatMemory.ofRows(Rows.of(c)));
        assertNotNull(FloatMemory.ofRows(Rows.of(c.getRow(2, true))));
        assertNull(FloatMemory.ofRows(Rows.of(c.dup('f'))));
        assertNull(FloatMemory.ofRows(Rows.of(c.getColumns(1, 2, 3).dup('f'))));
        assertNull(FloatMemory.ofRows(Rows.of(c.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 5)))));
        assertNull(FloatMemory.ofRows(Rows.of(c.castTo(DataType.FLOAT16))));
        assertNull(FloatMemory.ofRows(Rows.of(Nd4j.create(DataType.FLOAT, 2, 3, 4))));
    }

    private static FloatMemory pieces(INDArray array, int n) {
        return new FloatMemory(array.data().address(), n, 11);
    }

    @Test
    void vectorsAreReadWithoutTilesWhereThereIsSimd() {
        boolean required = System.getProperty(Simd.PROPERTY, "").equals("require");
        assertTrue(!required || Simd.primitives().reachesMemory(), "this JDK has another Vector API");
    }
}
