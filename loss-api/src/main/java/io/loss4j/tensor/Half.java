package io.loss4j.tensor;

/** IEEE half precision and bfloat16, bit by bit; JDK 17 has neither. */
final class Half {
    private static final float SUBNORMAL_SCALE = 0x1p-24f;

    private Half() {}

    static float halfToFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * SUBNORMAL_SCALE;
            return sign == 0 ? magnitude : -magnitude;
        }
        int high = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | high << 23 | fraction << 13);
    }

    /** Rounds to nearest, ties to even; too large becomes infinite. */
    static short floatToHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 0x477ff000) { // 65520 and above round to infinity
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) { // below 2^-14: subnormal; adding 0.5 rounds at the place of the last bit
            float rounded = Float.intBitsToFloat(magnitude) + 0.5f;
            return (short) (sign | Float.floatToRawIntBits(rounded) - 0x3f000000);
        }
        int roundedUp = magnitude - 0x38000000 + 0xfff + (magnitude >>> 13 & 1);
        return (short) (sign | roundedUp >>> 13);
    }

    static float bfloatToFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to nearest, ties to even. */
    static short floatToBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
