package io.loss4j.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** All 65536 bit patterns of both types, and every point where rounding could go either way. */
class HalfTest {
    private static final int INFINITE_HALF = 0x7c00;
    private static final int INFINITE_BFLOAT = 0x7f80;

    private static double valueOfHalf(int bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude = exponent == 0
                ? fraction * Math.pow(2, -24)
                : exponent == 31
                        ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                        : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    @Test
    void everyHalfHasItsValue() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            assertEquals((float) valueOfHalf(bits), Half.halfToFloat((short) bits), Integer.toHexString(bits));
        }
    }

    @Test
    void everyHalfSurvivesTheWayToFloatAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Half.halfToFloat((short) bits);
            short back = Half.floatToHalf(value);
            if (Float.isNaN(value)) {
                assertTrue(Float.isNaN(Half.halfToFloat(back)), Integer.toHexString(bits));
            } else {
                assertEquals((short) bits, back, Integer.toHexString(bits));
            }
        }
    }

    @Test
    void halvesRoundToNearestEven() {
        for (int bits = 0; bits < INFINITE_HALF; bits++) {
            float low = Half.halfToFloat((short) bits);
            // the value that would follow the largest finite one is where infinity begins to be nearer
            float high = bits + 1 == INFINITE_HALF ? 65536 : Half.halfToFloat((short) (bits + 1));
            float middle = (low + high) / 2;
            int even = bits + (bits & 1);
            for (int sign = 0; sign <= 0x8000; sign += 0x8000) {
                float s = sign == 0 ? 1 : -1;
                String where = s + " * " + middle;
                assertEquals((short) (sign | bits), Half.floatToHalf(s * Math.nextDown(middle)), where);
                assertEquals((short) (sign | even), Half.floatToHalf(s * middle), where);
                assertEquals((short) (sign | bits + 1), Half.floatToHalf(s * Math.nextUp(middle)), where);
            }
        }
    }

    @Test
    void halvesAtTheEnds() {
        assertEquals(65504, Half.halfToFloat(Half.floatToHalf(Math.nextDown(65520f))));
        assertEquals(Float.POSITIVE_INFINITY, Half.halfToFloat(Half.floatToHalf(65520f)));
        assertEquals(Float.NEGATIVE_INFINITY, Half.halfToFloat(Half.floatToHalf(-Float.MAX_VALUE)));
        assertEquals(Float.POSITIVE_INFINITY, Half.halfToFloat(Half.floatToHalf(Float.POSITIVE_INFINITY)));
        assertEquals(0, Half.floatToHalf(Float.MIN_VALUE));
        assertEquals((short) 0x8000, Half.floatToHalf(-Float.MIN_VALUE));
        assertEquals((short) 0x8000, Half.floatToHalf(-0f));
        assertTrue(Float.isNaN(Half.halfToFloat(Half.floatToHalf(Float.intBitsToFloat(0x7f800001)))));
        assertTrue(Float.isNaN(Half.halfToFloat(Half.floatToHalf(Float.intBitsToFloat(0xffffffff)))));
    }

    @Test
    void everyBfloatIsTheUpperHalfOfAFloat() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Half.bfloatToFloat((short) bits);
            assertEquals(bits << 16, Float.floatToRawIntBits(value));
            short back = Half.floatToBfloat(value);
            if (Float.isNaN(value)) {
                assertTrue(Float.isNaN(Half.bfloatToFloat(back)), Integer.toHexString(bits));
            } else {
                assertEquals((short) bits, back, Integer.toHexString(bits));
            }
        }
    }

    @Test
    void bfloatsRoundToNearestEven() {
        for (int bits = 0; bits < INFINITE_BFLOAT; bits++) {
            for (int sign = 0; sign <= 0x8000; sign += 0x8000) {
                int middle = (sign | bits) << 16 | 0x8000;
                String where = Integer.toHexString(middle);
                int even = bits + (bits & 1);
                assertEquals((short) (sign | bits), Half.floatToBfloat(Float.intBitsToFloat(middle - 1)), where);
                assertEquals((short) (sign | even), Half.floatToBfloat(Float.intBitsToFloat(middle)), where);
                assertEquals((short) (sign | bits + 1), Half.floatToBfloat(Float.intBitsToFloat(middle + 1)), where);
            }
        }
        assertEquals((short) INFINITE_BFLOAT, Half.floatToBfloat(Float.MAX_VALUE));
    }

    @Test
    void nanWithASmallPayloadStaysNan() {
        for (int bits : new int[] {0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff}) {
            float nan = Float.intBitsToFloat(bits);
            assertTrue(Float.isNaN(Half.bfloatToFloat(Half.floatToBfloat(nan))), Integer.toHexString(bits));
        }
    }
}
