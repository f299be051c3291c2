package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.loss4j.loss.Cauchy;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SmoothL1;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast functions in double against the scalar formulas of their losses, element by element. */
class DoubleTileTest {
    /** Where e^-x rounds off 1 + e^-x, leaves normal numbers, and vanishes; beyond half the exponents; the ends. */
    private static final double[] NUMBERS = {
        0,
        Double.MIN_VALUE,
        1e-310,
        1e-160,
        1e-17,
        1e-8,
        0.3,
        1,
        2.5,
        19,
        36.7,
        37.5,
        300,
        700,
        708.5,
        744,
        746,
        1e4,
        1e160,
        1e300,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NaN
    };

    private static final double[] LABELS = {0, 1, 0.5, 0.1, 0.999};

    /** Enough to be compiled; a prime, so that one by one there is always a rest. */
    private static final int MANY = 2003;

    private final DoublePrimitives primitives = Simd.primitives().doubles();

    static List<ElementwiseLoss> losses() {
        return List.of(
                new SigmoidCrossEntropy(),
                new SigmoidFocal(0.25, 2),
                new SigmoidFocal(2),
                new SigmoidFocal(0),
                new SigmoidFocal(0.9, 1),
                new SigmoidFocal(0.6, 0.5),
                new SigmoidFocal(3.7));
    }

    /** With thresholds at both ends of the exponents, and a division that rounds. */
    static List<ElementwiseLoss> regressions() {
        return List.of(
                new MeanSquaredError(),
                new MeanAbsoluteError(),
                new Huber(),
                new Huber(0.3),
                new Huber(1e-310),
                new Huber(Double.MAX_VALUE),
                new SmoothL1(),
                new SmoothL1(0),
                new SmoothL1(0.3),
                new SmoothL1(1e-300),
                new SmoothL1(1e-310),
                new SmoothL1(1e300));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r1_1_agreesWithTheFormula(ElementwiseLoss loss) {
        int elements = 2 * NUMBERS.length * LABELS.length;
        double[] x = primitives.array(elements);
        double[] y = primitives.array(elements);
        for (int i = 0; i < elements; i++) {
            double number = NUMBERS[i / 2 % NUMBERS.length];
            x[i] = i % 2 == 0 ? number : -number;
            y[i] = LABELS[i / 2 / NUMBERS.length];
        }
        double[] value = new double[x.length];
        double[] derivative = new double[x.length];
        DoubleTile tile = DoubleTile.of(loss, primitives, x.length);
        assertNotNull(tile);
        tile.apply(x, y, value, derivative, x.length);
        for (int i = 0; i < elements; i++) {
            String where = " at x = " + x[i] + ", y = " + y[i];
            same("value" + where, loss.value(x[i], y[i]), value[i]);
            same("derivative" + where, loss.derivative(x[i], y[i]), derivative[i]);
        }
    }

    /** The branch-free forms round where the formulas do; from a label of 0 the signs of zeros are seen as well. */
    @ParameterizedTest
    @MethodSource("regressions")
    void r1_1_regressionsHaveTheBitsOfTheFormula(ElementwiseLoss loss) {
        double[] x = differences();
        double[] y = new double[x.length];
        agree(loss, x, y, DoubleTileTest::sameBits);
        agree(loss, y, x, DoubleTileTest::sameBits);
        for (int i = 0; i < x.length; i++) {
            y[i] = x[(i * 7 + 3) % x.length];
        }
        agree(loss, x, y, DoubleTileTest::sameBits);
    }

    /** The formula goes by other functions of the library of maths, each good for an ulp or two. */
    @Test
    void r1_1_logCoshStaysWithinAFewUlp() {
        double[] x = differences();
        double[] y = new double[x.length];
        agree(new LogCosh(), x, y, DoubleTileTest::near);
        agree(new LogCosh(), y, x, DoubleTileTest::near);
    }

    private interface Comparison {
        void check(String what, double expected, double found);
    }

    private void agree(ElementwiseLoss loss, double[] x, double[] y, Comparison same) {
        double[] value = new double[x.length];
        double[] derivative = new double[x.length];
        DoubleTile tile = DoubleTile.of(loss, primitives, x.length);
        assertNotNull(tile);
        tile.apply(x, y, value, derivative, x.length);
        for (int i = 0; i < x.length; i++) {
            String where = " at x = " + x[i] + ", y = " + y[i];
            same.check("value" + where, loss.value(x[i], y[i]), value[i]);
            same.check("derivative" + where, loss.derivative(x[i], y[i]), derivative[i]);
        }
    }

    private static void sameBits(String what, double expected, double found) {
        assertEquals(Double.doubleToLongBits(expected), Double.doubleToLongBits(found), what + " is " + found);
    }

    private static void near(String what, double expected, double found) {
        boolean finite = Math.abs(expected) <= Double.MAX_VALUE;
        assertEquals(expected, found, finite ? 6 * Math.ulp(expected) : 0, what);
        if (!Double.isNaN(expected)) { // whose sign depends on how the JIT orders operands
            assertEquals(Math.copySign(1, expected), Math.copySign(1, found), what);
        }
    }

    /** Of both signs: the extremes; around the thresholds; every magnitude. */
    private double[] differences() {
        Random random = new Random(4);
        double[] x = primitives.array(MANY);
        for (int i = 0; i < MANY; i++) {
            double size = i / 2 < NUMBERS.length
                    ? NUMBERS[i / 2]
                    : i % 8 < 4
                            ? 3 * random.nextDouble()
                            : Double.longBitsToDouble((long) (0x7fefffffffffffffL * random.nextDouble()));
            x[i] = i % 2 == 0 ? size : -size;
        }
        double[] edges = {1, Math.nextUp(1.0), Math.nextDown(1.0), 0.3, Math.nextUp(0.3), Math.nextDown(0.3), 1e-300};
        for (int i = 0; i < edges.length; i++) {
            x[MANY - 1 - 2 * i] = edges[i];
            x[MANY - 2 - 2 * i] = -edges[i];
        }
        return x;
    }

    /** Loops that a JIT has vectorised end in elements that go alone: n from none to some vectors. */
    @ParameterizedTest
    @MethodSource("regressions")
    void nothingBehindATileIsWritten(ElementwiseLoss loss) {
        int lanes = primitives.lanes();
        double[] x = differences();
        double[] y = new double[x.length];
        for (int n : new int[] {0, lanes, 2 * lanes, 3 * lanes, 17 * lanes, 61 * lanes}) {
            double[] value = new double[n + 3];
            double[] derivative = new double[n + 3];
            DoubleTile tile = DoubleTile.of(loss, primitives, n);
            assertNotNull(tile);
            tile.apply(x, y, value, derivative, n);
            for (int i = 0; i < n + 3; i++) {
                sameBits("value " + i + " of " + n, i < n ? loss.value(x[i], y[i]) : 0, value[i]);
                sameBits("derivative " + i + " of " + n, i < n ? loss.derivative(x[i], y[i]) : 0, derivative[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("regressions")
    void whatIsWantedAloneHasTheSameBits(ElementwiseLoss loss) {
        double[] x = differences();
        double[] y = new double[x.length];
        double[] value = new double[x.length];
        double[] derivative = new double[x.length];
        double[] unwanted = new double[x.length];
        DoubleTile tile = DoubleTile.of(loss, primitives, x.length);
        assertNotNull(tile);
        tile.only(true, false).apply(x, y, value, unwanted, x.length);
        tile.only(false, true).apply(x, y, unwanted, derivative, x.length);
        for (int i = 0; i < x.length; i++) {
            sameBits("value at " + x[i], loss.value(x[i], 0), value[i]);
            sameBits("derivative at " + x[i], loss.derivative(x[i], 0), derivative[i]);
            assertEquals(0, unwanted[i]);
        }
    }

    /** Relative, except for what a difference of numbers up to 1 leaves. */
    private static void same(String what, double expected, double found) {
        boolean finite = Math.abs(expected) <= Double.MAX_VALUE;
        assertEquals(expected, found, finite ? 1e-13 * Math.abs(expected) + 1e-16 : 0, what);
    }

    @Test
    void otherLossesGoByTheirFormula() {
        assertNull(DoubleTile.of(new Cauchy(), primitives, 64));
        assertNull(DoubleTile.of(new SigmoidFocal(null, 2, InputForm.PROBABILITIES), primitives, 64));
    }
}
