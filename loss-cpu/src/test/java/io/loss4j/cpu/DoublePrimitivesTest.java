package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The primitives in double that are in use, SIMD or scalar by the execution, against arithmetic of 40 digits. */
class DoublePrimitivesTest {
    private static final MathContext DIGITS = new MathContext(40);
    private static final int MANY = 4096;
    /** Halvings of an exponent before its series, and squarings of the result: e^(710 / 2^13) takes few terms. */
    private static final int HALVINGS = 13;

    private static final int TERMS = 16;

    private final DoublePrimitives primitives = Simd.primitives().doubles();

    private static BigDecimal exactExp(BigDecimal x) {
        BigDecimal small = x.divide(BigDecimal.valueOf(1L << HALVINGS), DIGITS);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int k = 1; k <= TERMS; k++) {
            term = term.multiply(small, DIGITS).divide(BigDecimal.valueOf(k), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        for (int i = 0; i < HALVINGS; i++) {
            sum = sum.multiply(sum, DIGITS);
        }
        return sum;
    }

    /** One step from the nearest double: log x = y + log(1 + d), d = x e^-y - 1. */
    private static BigDecimal exactLog(double x) {
        return exactLog(new BigDecimal(x), Math.log(x));
    }

    private static BigDecimal exactLogOnePlus(double x) {
        return exactLog(new BigDecimal(x).add(BigDecimal.ONE), Math.log1p(x));
    }

    private static BigDecimal exactLog(BigDecimal x, double near) {
        BigDecimal y = new BigDecimal(near);
        BigDecimal d = x.multiply(exactExp(y.negate()), DIGITS).subtract(BigDecimal.ONE, DIGITS);
        BigDecimal square = d.multiply(d, DIGITS).divide(BigDecimal.valueOf(2), DIGITS);
        return y.add(d, DIGITS).subtract(square, DIGITS);
    }

    /** In units in the last place of what is expected. */
    private static double ulps(double found, BigDecimal expected) {
        BigDecimal ulp = new BigDecimal(Math.ulp(expected.doubleValue()));
        return new BigDecimal(found)
                .subtract(expected, DIGITS)
                .abs()
                .divide(ulp, DIGITS)
                .doubleValue();
    }

    private double[] exp(double... x) {
        double[] padded = Arrays.copyOf(x, primitives.whole(x.length));
        primitives.exp(padded, padded, padded.length);
        return Arrays.copyOf(padded, x.length);
    }

    private double[] log(double... x) {
        double[] padded = Arrays.copyOf(x, primitives.whole(x.length));
        primitives.log(padded, padded, padded.length);
        return Arrays.copyOf(padded, x.length);
    }

    @Test
    void theReferenceKnowsItsConstants() {
        assertEquals(0, ulps(Math.E, exactExp(BigDecimal.ONE)), 0.5);
        assertEquals(0, ulps(0.6931471805599453, exactLog(2)), 0.5);
    }

    @Test
    void r1_1_expStaysWithinOneUlp() {
        Random random = new Random(1);
        double[] x = new double[MANY];
        for (int i = 0; i < MANY; i++) {
            // results of every size; those next to 1; arguments too small to count
            x[i] = i % 3 == 0 ? 1454 * random.nextDouble() - 745 : i % 3 == 1 ? 2 * random.nextGaussian() : 0x1p-54 * i;
        }
        // where the whole part of x / ln 2 changes, and the ends of the range
        for (int i = 0; i < 512; i++) {
            x[3 * i] = (i - 256.5) * 4 * 0.6931471805599453;
        }
        double[] ends = {0, -0.0, Double.MIN_VALUE, -708.3, -708.4, -744, -745, 709, 709.78};
        System.arraycopy(ends, 0, x, 0, ends.length);
        double[] e = exp(x);
        double worst = 0;
        for (int i = 0; i < MANY; i++) {
            double ulps = ulps(e[i], exactExp(new BigDecimal(x[i])));
            worst = Math.max(worst, ulps);
            assertTrue(ulps <= 1, "exp(" + x[i] + ") = " + e[i] + ", " + ulps + " ulp away");
        }
        assertTrue(worst > 0.4, "nothing is rounded: " + worst);
    }

    @Test
    void r1_2_expEndsInZeroAndInfinity() {
        double[] x = {
            -746,
            -1e4,
            -Double.MAX_VALUE,
            Double.NEGATIVE_INFINITY,
            710,
            1e4,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NaN,
            0
        };
        double infinite = Double.POSITIVE_INFINITY;
        assertEquals(
                Arrays.toString(new double[] {0, 0, 0, 0, infinite, infinite, infinite, infinite, Double.NaN, 1}),
                Arrays.toString(exp(x)));
    }

    @Test
    void r1_1_logStaysWithinOneUlp() {
        Random random = new Random(2);
        double[] x = new double[MANY];
        for (int i = 0; i < MANY; i++) {
            // every magnitude, subnormals too; from 1 to 2 as of 1 + e; next to 1
            x[i] = i % 3 == 0
                    ? Double.longBitsToDouble((long) (0x7fefffffffffffffL * random.nextDouble()))
                    : i % 3 == 1 ? 1 + random.nextDouble() : 1 + (random.nextDouble() - 0.5) * Math.pow(2, -(i % 48));
        }
        double[] ends = {
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Math.nextDown(Double.MIN_NORMAL),
            Math.nextDown(1.0),
            Math.nextUp(1.0),
            0.7071067811865475,
            0.7071067811865476,
            1.414213562373095,
            1.4142135623730951,
            2,
            Double.MAX_VALUE
        };
        System.arraycopy(ends, 0, x, 0, ends.length);
        double[] log = log(x);
        for (int i = 0; i < MANY; i++) {
            double ulps = x[i] == 1 ? Math.abs(log[i]) : ulps(log[i], exactLog(x[i]));
            assertTrue(ulps <= 1, "log(" + x[i] + ") = " + log[i] + ", " + ulps + " ulp away");
        }
    }

    @Test
    void r1_2_logEndsInInfinities() {
        double infinite = Double.POSITIVE_INFINITY;
        assertEquals(
                Arrays.toString(new double[] {-infinite, -infinite, 0, infinite, Double.NaN}),
                Arrays.toString(log(0, -0.0, 1, infinite, Double.NaN)));
    }

    /** log(1 + x) is the logarithm of a sum that needs no rounding. */
    @Test
    void r1_1_logOnePlusStaysWithinTwoUlp() {
        double[] x = primitives.array(MANY);
        for (int i = 0; i < MANY; i++) {
            x[i] = i < MANY / 2 ? Math.pow(2, -80.0 * i / MANY) * (1 + i % 7 / 8.0) : Math.pow(2, 60.0 * i / MANY - 30);
        }
        x[1] = 0x1p-53;
        x[2] = 1e-20;
        double[] log = new double[MANY];
        primitives.logOnePlus(x, new double[MANY], log, MANY);
        for (int i = 0; i < MANY; i++) {
            double ulps = ulps(log[i], exactLogOnePlus(x[i]));
            assertTrue(ulps <= 2, "log(1 + " + x[i] + ") = " + log[i] + ", " + ulps + " ulp away");
        }
        Arrays.fill(x, 0, primitives.whole(2), 0);
        x[1] = Double.NaN;
        primitives.logOnePlus(x, new double[MANY], x, primitives.whole(2));
        assertEquals("[0.0, NaN]", Arrays.toString(Arrays.copyOf(x, 2)));
    }

    @Test
    void maxAndSumKeepToTheirRange() {
        int lanes = primitives.lanes();
        for (int n : new int[] {1, lanes - 1, lanes, lanes + 1, 2 * lanes, 2 * lanes + 1, 5 * lanes + 3}) {
            double[] x = new double[n + 5];
            for (int i = 0; i < n; i++) {
                x[3 + i] = -2 - i;
            }
            x[2] = 7;
            x[3 + n] = 7;
            assertEquals(n == 0 ? Double.NEGATIVE_INFINITY : -2, primitives.max(x, 3, n), n + " elements");
            assertEquals(n * (-1.5 - n / 2.0) + 0.0, primitives.sum(x, 3, n), n + " elements");
            for (int i = 0; i < n; i++) {
                double before = x[3 + i];
                x[3 + i] = 1;
                assertEquals(1, primitives.max(x, 3, n), "element " + i + " of " + n);
                x[3 + i] = Double.NaN;
                assertTrue(Double.isNaN(primitives.max(x, 3, n)), "NaN at " + i + " of " + n);
                assertTrue(Double.isNaN(primitives.sum(x, 3, n)), "NaN at " + i + " of " + n);
                x[3 + i] = before;
            }
        }
    }
}
