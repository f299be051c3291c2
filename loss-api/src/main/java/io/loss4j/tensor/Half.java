package io.loss4j.tensor;

/** IEEE half precision and bfloat16, bit by bit; JDK 17 has neither. */
public final class Half {
    private static final float SUBNORMAL_SCALE = 0x1p-24f;

    /** Every half as a float: 256 KiB that stay in the second-level cache beat the branches of a conversion. */
    private static final float[] FLOATS = new float[1 << 16];

    static {
        for (int i = 0; i < FLOATS.length; i++) {
            FLOATS[i] = convert(i);
        }
    }

    private Half() {}

    /** The exact value of an IEEE half. */
    public static float halfToFloat(short bits) {
        return FLOATS[bits & 0xffff];
    }

    private static float convert(int bits) {
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

    /**
     * Rounds to nearest, ties to even; too large becomes infinite.
     *
     * <p>Without branches, because gradients lie on both sides of the smallest normal number: adding the power of two
     * whose last bit is worth the last bit of the result makes the float addition round, and leaves the fraction in the
     * lowest bits of the sum.
     */
    public static short floatToHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int magnitude = bits & 0x7fffffff;
        int exponent = Math.min(Math.max(magnitude >>> 23, 113), 240); // 113: 2^-14; from 143 on it is infinite anyway
        int power = exponent + 13 << 23;
        float rounded = Float.intBitsToFloat(magnitude) + Float.intBitsToFloat(power);
        int fraction = Float.floatToRawIntBits(rounded) - power;
        int half = Math.min((exponent - 113 << 10) + fraction, 0x7c00);
        return (short) (bits >>> 16 & 0x8000 | (magnitude > 0x7f800000 ? 0x7e00 : half));
    }

    /** The exact value of a bfloat16. */
    public static float bfloatToFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to nearest, ties to even. */
    public static short floatToBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
