package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.tensor.Half;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The primitives that are in use, SIMD or scalar by the execution, against double arithmetic. */
class PrimitivesTest {
    private final Primitives primitives = Simd.primitives();
    private final int lanes = primitives.lanes();

    private static double ulps(double found, double expected) {
        return Math.abs(found - expected) / Math.ulp((float) expected);
    }

    @Test
    void simdIsInUseExactlyWhereItIsRequired() {
        boolean required = System.getProperty(Simd.PROPERTY, "").equals("require");
        assertEquals(required, primitives.description().startsWith("SIMD"), primitives.description());
    }

    @Test
    void r1_1_expStaysWithinTwoUlp() {
        int n = 1 << 16;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = -87f * i / n;
        }
        float[] e = new float[n];
        primitives.exp(x, e, n);
        for (int i = 0; i < n; i++) {
            assertTrue(ulps(e[i], Math.exp(x[i])) <= 2, "exp(" + x[i] + ") = " + e[i]);
        }
    }

    @Test
    void r1_2_expOfVeryNegativeIsZeroAndOfZeroIsOne() {
        float[] x = new float[lanes];
        Arrays.fill(x, -1e30f);
        x[1] = Float.NEGATIVE_INFINITY;
        x[2] = 0;
        primitives.exp(x, x, lanes);
        assertEquals(0, x[0]);
        assertEquals(0, x[1]);
        assertEquals(1, x[2]);
    }

    @Test
    void r1_1_sigmoidAndSoftplusTailStayWithinFourUlp() {
        int n = 1 << 14;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = 80f * (i - n / 2f) / (n / 2f);
        }
        float[] tail = new float[n];
        float[] p = new float[n];
        float[] q = new float[n];
        primitives.sigmoid(x, tail, p, q, n);
        for (int i = 0; i < n; i++) {
            double e = Math.exp(-Math.abs((double) x[i]));
            double big = 1 / (1 + e);
            assertTrue(ulps(tail[i], Math.log1p(e)) <= 4, "tail at " + x[i]);
            assertTrue(ulps(p[i], x[i] >= 0 ? big : e * big) <= 4, "p at " + x[i]);
            assertTrue(ulps(q[i], x[i] >= 0 ? e * big : big) <= 4, "q at " + x[i]);
        }
    }

    @Test
    void r1_1_expAndOneLessStayWithinThreeUlp() {
        int n = 1 << 14;
        float[] x = new float[n];
        for (int i = 1; i < n / 2; i++) {
            x[i] = (float) Math.exp(48.0 * i / n - 20); // 2e-9 to 55, and 0
            x[n / 2 + i] = -x[i];
        }
        float[] e = new float[n];
        float[] less = new float[n];
        primitives.expAndOneLess(x, e, less, n);
        for (int i = 0; i < n; i++) {
            assertTrue(ulps(e[i], Math.exp(x[i])) <= 2, "exp(" + x[i] + ") = " + e[i]);
            assertTrue(ulps(less[i], Math.expm1(x[i])) <= 3, "exp(" + x[i] + ") - 1 = " + less[i]);
        }
    }

    @Test
    void r1_1_logStaysWithinThreeUlp() {
        int n = 1 << 16;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = Float.intBitsToFloat((int) (0x7f7fffffL * (i + 1) / n)); // every magnitude, subnormals too
        }
        x[0] = Float.MIN_VALUE;
        x[1] = 1;
        x[2] = Math.nextDown(1f);
        x[3] = Math.nextUp(1f);
        float[] log = new float[n];
        primitives.log(x, log, n);
        for (int i = 0; i < n; i++) {
            assertTrue(ulps(log[i], Math.log(x[i])) <= 3, "log(" + x[i] + ") = " + log[i]);
        }
    }

    @Test
    void r1_2_logOfZeroIsMinusInfinity() {
        float[] x = new float[lanes];
        x[1] = 1;
        primitives.log(x, x, lanes);
        assertEquals(Float.NEGATIVE_INFINITY, x[0]);
        assertEquals(0, x[1]);
        x[0] = -1;
        primitives.logOnePlus(x, x, lanes);
        assertEquals(Float.NEGATIVE_INFINITY, x[0]);
        assertEquals(0, x[1]);
    }

    @Test
    void r1_1_logOnePlusStaysWithinThreeUlp() {
        int n = 1 << 14;
        float[] x = new float[n];
        for (int i = 1; i < n / 2; i++) {
            x[i] = (float) Math.exp(200.0 * i / n - 18); // 1e-8 to 4e35, and 0
            x[n / 2 + i] = (float) -Math.exp(-34.0 * i / n); // -1 to -4e-8
        }
        float[] log = new float[n];
        primitives.logOnePlus(x, log, n);
        for (int i = 0; i < n; i++) {
            assertTrue(x[i] == -1 || ulps(log[i], Math.log1p(x[i])) <= 3, "log(1 + " + x[i] + ") = " + log[i]);
        }
    }

    @Test
    void exponentialsSumWhatTheyWrite() {
        // One block, one block more or less by a vector, and several blocks.
        for (int n : new int[] {lanes, 3 * lanes, Primitives.BLOCK, Primitives.BLOCK + lanes, 5 * Primitives.BLOCK}) {
            float[] x = gaussian(n);
            float[] e = new float[n];
            double sum = primitives.exponentials(x, 4, e, n, new float[lanes]);
            double expected = 0;
            for (int i = 0; i < n; i++) {
                assertTrue(ulps(e[i], Math.exp(x[i] - 4f)) <= 2, "element " + i + " of " + n);
                expected += e[i];
            }
            assertEquals(expected, sum, 1e-5 * expected);
        }
    }

    @Test
    void boundedExponentialsAreExactAndKnowTheirBound() {
        int n = 64 * lanes;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = Primitives.HIGHEST - 130f * i / n;
        }
        float[] e = new float[n];
        assertTrue(primitives.boundedExponentials(x, e, n));
        for (int i = 0; i < n; i++) {
            double exact = Math.exp(x[i]);
            assertTrue(
                    exact < Float.MIN_NORMAL ? e[i] <= 1.01 * exact : ulps(e[i], exact) <= 2,
                    "exp(" + x[i] + ") = " + e[i]);
        }
        // What is far below is 0; what is not finite, or farther, is right or NaN.
        float[] below = new float[lanes];
        for (float far : new float[] {Primitives.GONE, -1e4f, -1e6f}) {
            Arrays.fill(below, far);
            assertTrue(primitives.boundedExponentials(below, e, lanes));
            assertEquals(0, e[0], "exp(" + far + ")");
        }
        for (float odd : new float[] {-1e7f, -1e30f, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY}) {
            Arrays.fill(below, odd);
            assertTrue(primitives.boundedExponentials(below, e, lanes));
            assertTrue(e[0] == 0 || Float.isNaN(e[0]), "exp(" + odd + ") = " + e[0]);
        }
        for (float high : new float[] {Math.nextUp(Primitives.HIGHEST), 1e30f, Float.POSITIVE_INFINITY}) {
            float[] above = x.clone();
            above[n - 1] = high;
            assertFalse(primitives.boundedExponentials(above, e, n), "" + high);
        }
        for (int sign : new int[] {0, 1 << 31}) {
            float[] nan = x.clone();
            nan[n - 1] = Float.intBitsToFloat(0x7fc00000 | sign);
            assertTrue(!primitives.boundedExponentials(nan, e, n) || Float.isNaN(e[n - 1]));
        }
    }

    @Test
    void rowsAndTransposedTilesGiveTheSameBits() {
        // A short row, one around the lanes, and one longer than a block of partial sums.
        for (int columns : new int[] {1, lanes - 1, lanes, lanes + 1, 100, Primitives.BLOCK + 3}) {
            int rows = 2 * lanes;
            int pitch = (columns + lanes - 1) / lanes * lanes;
            float[] x = Arrays.copyOf(gaussian(columns * rows), columns * rows + lanes);
            float[] across = new float[columns * rows];
            for (int i = 0; i < columns * rows; i++) {
                across[i % columns * rows + i / columns] = x[i];
            }
            float[] max = new float[rows];
            primitives.maxAcross(across, columns, rows, max);
            for (int r = 0; r < rows; r++) {
                float[] row = new float[pitch];
                Arrays.fill(row, Float.NEGATIVE_INFINITY);
                System.arraycopy(x, r * columns, row, 0, columns);
                assertEquals(primitives.max(row, 0, pitch), max[r]);
            }
            double[] sums = new double[rows];
            assertTrue(primitives.boundedExponentialsAcross(across, columns, rows, new float[lanes * rows], sums));
            float[] e = new float[rows * pitch];
            float[] partial = new float[rows * lanes];
            double[] expected = new double[rows];
            for (int from = 0; from < columns; from += Primitives.BLOCK) {
                int to = Math.min(columns, from + Primitives.BLOCK);
                assertTrue(primitives.boundedExponentials(x, columns, from, to, rows, e, pitch, partial));
                for (int i = 0; i < rows * lanes; i++) {
                    expected[i / lanes] += partial[i];
                }
            }
            for (int r = 0; r < rows; r++) {
                assertEquals(expected[r], sums[r], 0, "sum of row " + r + " with " + columns + " columns");
                for (int k = 0; k < columns; k++) {
                    assertEquals(e[r * pitch + k], across[k * rows + r]);
                }
            }
        }
    }

    @Test
    void partialSumsAreThoseOfTheExponentials() {
        for (int columns : new int[] {1, lanes - 1, lanes, lanes + 1, 100, Primitives.BLOCK + 3}) {
            int rows = 7; // four together, and three more
            int pitch = (columns + lanes - 1) / lanes * lanes;
            float[] x = Arrays.copyOf(gaussian(columns * rows), columns * rows + lanes);
            float[] e = new float[rows * pitch];
            float[] together = new float[columns * rows + lanes];
            Arrays.fill(together, Float.NaN); // what follows must not matter
            float[] expected = new float[rows * lanes];
            float[] found = new float[rows * lanes];
            for (int from = 0; from < columns; from += Primitives.BLOCK) {
                int to = Math.min(columns, from + Primitives.BLOCK);
                primitives.boundedExponentials(x, columns, from, to, rows, e, pitch, expected);
                for (int i = 0; i < rows * columns; i++) {
                    together[i] = e[i / columns * pitch + i % columns];
                }
                primitives.partialSums(together, columns, from, to, rows, found);
                assertArrayEquals(expected, found, columns + " columns");
            }
        }
    }

    @Test
    void r1_1_crossEntropyOfRowsStaysWithinThreeUlp() {
        int n = 1 << 12;
        float[] others = new float[n];
        float[] target = new float[n];
        float[] weight = new float[n];
        for (int i = 0; i < n; i++) {
            // Ratios from 1e-30 to 1e36.
            others[i] = (float) Math.pow(10, 36.0 * i / n - 16);
            target[i] = (float) Math.pow(10, 14 - 30.0 * i / n);
            weight[i] = 0.5f + i % 3;
        }
        float[] loss = new float[n];
        float[] factor = new float[n];
        float[] atTarget = new float[n];
        assertTrue(primitives.crossEntropyOfRows(others, target, weight, 0.25f, loss, factor, atTarget, n));
        for (int i = 0; i < n; i++) {
            double ratio = (double) others[i] / target[i];
            double share = 0.25 * weight[i] / ((double) others[i] + target[i]);
            assertTrue(ulps(loss[i], weight[i] * Math.log1p(ratio)) <= 3, "loss " + i + ": " + loss[i]);
            assertTrue(ulps(factor[i], share) <= 3, "factor " + i + ": " + factor[i]);
            assertTrue(ulps(atTarget[i], -share * others[i]) <= 3, "target " + i + ": " + atTarget[i]);
        }
    }

    @Test
    void crossEntropyOfRowsKnowsWhatItCannotDo() {
        int n = 2 * lanes;
        float[] ones = new float[n];
        Arrays.fill(ones, 1);
        float tiny = Math.nextDown(Primitives.LEAST_TOTAL) / 2;
        float[][] pairs = {
            {Float.NaN, 1},
            {-Float.NaN, 1},
            {1, Float.NaN},
            {Float.POSITIVE_INFINITY, 1},
            {1, Float.POSITIVE_INFINITY},
            {1, 0},
            {0, 0},
            {1e20f, 1e-19f},
            {tiny, tiny},
        };
        for (int at = 0; at < n; at += lanes - 1) {
            for (float[] pair : pairs) {
                float[] others = ones.clone();
                float[] target = ones.clone();
                others[at] = pair[0];
                target[at] = pair[1];
                boolean valid = primitives.crossEntropyOfRows(
                        others, target, ones, 1, new float[n], new float[n], new float[n], n);
                assertFalse(valid, Arrays.toString(pair));
            }
        }
        assertTrue(primitives.crossEntropyOfRows(
                new float[n], ones, ones, 1, new float[n], new float[n], new float[n], n));
    }

    @Test
    void pairsAreSplitAndJoined() {
        int rows = 3 * lanes;
        float[] e = gaussian(2 * rows);
        int[] hot = new int[rows];
        Arrays.setAll(hot, r -> r % 5 == 4 ? -2 : r * r % 3 % 2);
        float[] target = new float[rows];
        float[] others = new float[rows];
        float[] joined = new float[2 * rows];
        primitives.splitPairs(e, hot, target, others, rows);
        primitives.joinPairs(target, hot, joined, rows);
        for (int r = 0; r < rows; r++) {
            int at = 2 * r + Math.max(0, hot[r]);
            assertEquals(e[at], target[r], "target of row " + r);
            assertEquals(e[at ^ 1], others[r], "other of row " + r);
            assertEquals(target[r], joined[at], "gradient of row " + r);
            assertEquals(-target[r], joined[at ^ 1], "gradient of row " + r);
        }
    }

    @Test
    void softSumsAreTheSameForLogitsAtAnyDistance() {
        for (int n : new int[] {1, lanes - 1, lanes, lanes + 1, 100, 2 * Primitives.BLOCK + 3}) {
            float[] x = gaussian(n + 2 * lanes);
            float[] t = gaussian(n + 2 * lanes);
            float[] apart = new float[3 * n];
            for (int k = 0; k < n; k++) {
                apart[3 * k] = x[5 + k];
            }
            x[5 + n] = Float.NaN;
            t[3 + n] = Float.POSITIVE_INFINITY; // what follows must not matter
            float[] partial = new float[3 * lanes];
            double[] sums = new double[3];
            double[] same = new double[3];
            primitives.softSums(x, 5, t, 3, n, partial, sums);
            SoftSums.add(lanes, apart, 0, 3, t, 3, n, partial, same);
            assertArrayEquals(same, sums, n + " columns");
            double product = 0;
            for (int k = 0; k < n; k++) {
                product += (double) x[5 + k] * t[3 + k];
            }
            assertEquals(product, sums[1], 1e-6 * n);
        }
    }

    /** In any row, and in the last columns, which are less than a vector. */
    @Test
    void boundedExponentialsOfRowsKnowTheirBound() {
        int columns = 2 * lanes + 1;
        int pitch = 3 * lanes;
        int rows = 3;
        for (int at : new int[] {0, columns - 1, columns, rows * columns - 1}) {
            float[] x = new float[rows * columns + lanes];
            float[] e = new float[rows * pitch];
            x[at] = Primitives.HIGHEST;
            float[] partial = new float[rows * lanes];
            assertTrue(primitives.boundedExponentials(x, columns, 0, columns, rows, e, pitch, partial));
            Arrays.fill(x, 0);
            x[at] = Math.nextUp(Primitives.HIGHEST);
            assertFalse(primitives.boundedExponentials(x, columns, 0, columns, rows, e, pitch, partial));
        }
    }

    @Test
    void onlyNonZeroFindsOneHotRows() {
        for (int n : new int[] {1, lanes - 1, lanes, lanes + 1, 7 * lanes + 3}) {
            float[] t = new float[n + 5];
            Arrays.fill(t, -0f);
            t[0] = 9; // before the range
            assertEquals(-2, primitives.onlyNonZero(t, 5, n));
            for (int k = 0; k < n; k++) {
                t[5 + k] = k == n - 1 ? 0.5f : -1;
                assertEquals(k, primitives.onlyNonZero(t, 5, n), n + " columns");
                if (k > 0) {
                    t[5] = 1;
                    assertEquals(-1, primitives.onlyNonZero(t, 5, n));
                    t[5] = 0;
                }
                t[5 + k] = 0;
            }
        }
    }

    @Test
    void markNonZeroLeavesZerosOut() {
        float[] t = gaussian(3 * lanes);
        float[] marks = gaussian(t.length);
        float[] out = new float[t.length];
        t[1] = 0;
        t[lanes] = -0f;
        t[lanes + 1] = Float.MIN_VALUE;
        t[lanes + 2] = Float.NaN;
        primitives.markNonZero(t, marks, out, t.length);
        for (int i = 0; i < t.length; i++) {
            assertEquals(i == 1 || i == lanes ? 0 : marks[i], out[i]);
        }
    }

    @Test
    void onlyZerosAndOnesKnowsSoftLabels() {
        float[] y = new float[4 * lanes];
        assertTrue(primitives.onlyZerosAndOnes(y, y.length));
        y[lanes + 1] = 1;
        assertTrue(primitives.onlyZerosAndOnes(y, y.length));
        for (float soft : new float[] {0.5f, 0.999f, 1.5f, -1, 2, Float.NaN}) {
            y[2 * lanes] = soft;
            assertFalse(primitives.onlyZerosAndOnes(y, y.length), "" + soft);
        }
    }

    @Test
    void withinKnowsItsEndsAndNaN() {
        float[] y = new float[4 * lanes];
        Arrays.fill(y, 1);
        y[lanes + 1] = -2;
        assertTrue(primitives.within(y, -2, 1, y.length));
        assertTrue(primitives.within(y, -Float.MAX_VALUE, Float.MAX_VALUE, y.length));
        float[] outside = {
            Math.nextUp(1f), Math.nextDown(-2f), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN
        };
        for (float v : outside) {
            y[2 * lanes] = v;
            assertFalse(primitives.within(y, -2, 1, y.length), "" + v);
        }
        Arrays.fill(y, Float.MIN_VALUE);
        assertFalse(primitives.within(y, -1, 0, y.length));
    }

    @Test
    void r4_3_sumIsInDouble() {
        int n = 3 * lanes + 1;
        float[] x = new float[n];
        Arrays.fill(x, 1);
        x[0] = 1e9f;
        assertEquals(1e9 + n - 1, primitives.sum(x, n));
    }

    @Test
    void scaleRowsLeavesNoRowOut() {
        for (int columns : new int[] {1, 3, lanes, 2 * lanes + 1}) {
            for (int pitch : new int[] {columns, (columns + lanes - 1) / lanes * lanes}) {
                int rows = 5;
                float[] e = gaussian(rows * pitch + lanes);
                float[] factor = gaussian(lanes * rows);
                float[] out = new float[rows * columns + lanes];
                primitives.scaleRows(e, pitch, columns, rows, factor, out);
                for (int i = 0; i < rows * columns; i++) {
                    assertEquals(e[i / columns * pitch + i % columns] * factor[i / columns], out[i]);
                }
            }
        }
    }

    /** All of them, and one more than whole vectors. */
    @Test
    void r5_2_halvesAreWidenedToTheirValues() {
        int n = (1 << 16) + 1;
        short[] bits = new short[n];
        for (int i = 0; i < n; i++) {
            bits[i] = (short) i;
        }
        float[] half = new float[n];
        float[] bfloat = new float[n];
        primitives.fromHalf(bits, half, n);
        primitives.fromBfloat(bits, bfloat, n);
        for (int i = 0; i < n; i++) {
            assertEquals(Half.halfToFloat(bits[i]), half[i], Integer.toHexString(i));
            assertEquals(Half.bfloatToFloat(bits[i]), bfloat[i], Integer.toHexString(i));
        }
        primitives.toHalf(half, bits, n);
        short[] back = new short[n];
        primitives.toBfloat(bfloat, back, n);
        for (int i = 0; i < n; i++) {
            assertEquals(Half.halfToFloat((short) i), Half.halfToFloat(bits[i]), "half and back");
            assertEquals(Half.bfloatToFloat((short) i), Half.bfloatToFloat(back[i]), "bfloat16 and back");
        }
    }

    /** A prime step through the bits of all floats: normal, subnormal, infinite, NaN, and too large for a half. */
    @Test
    void r1_1_floatsAreRoundedToTheNearestHalf() {
        int n = (1 << 20) + 3;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = Float.intBitsToFloat(i * 4093);
        }
        short[] half = new short[n];
        short[] bfloat = new short[n];
        primitives.toHalf(x, half, n);
        primitives.toBfloat(x, bfloat, n);
        for (int i = 0; i < n; i++) {
            assertEquals(Half.floatToHalf(x[i]), half[i], "half of " + x[i]);
            assertEquals(Half.floatToBfloat(x[i]), bfloat[i], "bfloat16 of " + x[i]);
        }
    }

    private static float[] gaussian(int n) {
        Random random = new Random(n);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (3 * random.nextGaussian());
        }
        return x;
    }

    @Test
    void r3_2_aWeightOfZeroWinsOverNaN() {
        float[] weights = new float[lanes];
        float[] value = new float[lanes];
        float[] derivative = new float[lanes];
        Arrays.fill(weights, 3);
        Arrays.fill(value, 2);
        Arrays.fill(derivative, Float.NaN);
        weights[1] = 0;
        value[1] = Float.POSITIVE_INFINITY;
        primitives.weigh(weights, value, derivative, lanes);
        assertEquals(6, value[0]);
        assertTrue(Float.isNaN(derivative[0]));
        assertEquals(0, value[1]);
        assertEquals(0, derivative[1]);
    }
}
