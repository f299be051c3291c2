package io.loss4j.tck;

import org.nd4j.linalg.api.buffer.DataType;

/** Comparisons of numbers, with tolerances by data type. */
final class Close {
    /** Largest relative error of the value, and of each element of a gradient (R1.1). */
    private static final double FLOAT_RELATIVE = 1e-5;

    private static final double DOUBLE_RELATIVE = 1e-11;
    /** Relative to the largest element: small differences of large numbers cannot be better. */
    private static final double FLOAT_ABSOLUTE = 1e-6;

    private static final double DOUBLE_ABSOLUTE = 1e-13;

    private Close() {}

    static boolean isDouble(DataType type) {
        return type == DataType.DOUBLE;
    }

    /** Tolerance of a value whose terms add up to a magnitude. */
    static double ofValue(DataType type, double magnitude) {
        return (isDouble(type) ? DOUBLE_RELATIVE : FLOAT_RELATIVE) * magnitude;
    }

    /** The unit in the last place of numbers that are computed in float or double. */
    static double epsilon(DataType type) {
        return isDouble(type) ? 0x1p-52 : 0x1p-23;
    }

    static void value(String what, double expected, double actual, double tolerance) {
        if (!same(expected, actual, tolerance)) {
            throw new AssertionError(what + " is " + actual + ", expected " + expected + " within " + tolerance);
        }
    }

    /**
     * Compares what was computed in float or double and then perhaps rounded to a half type.
     *
     * @param conditioning additional absolute tolerance: what rounding the inputs of an exponential can cost
     */
    static void elements(
            String what, double[] expected, double[] actual, int columns, DataType type, double conditioning) {
        elements(what, expected, actual, columns, type, rounding(type), conditioning);
    }

    /** Compares two results that were both computed and rounded: next to a tie they may fall to different sides. */
    static void results(
            String what, double[] expected, double[] actual, int columns, DataType type, double conditioning) {
        elements(what, expected, actual, columns, type, 2 * rounding(type), conditioning);
    }

    private static void elements(
            String what,
            double[] expected,
            double[] actual,
            int columns,
            DataType type,
            double rounding,
            double conditioning) {
        sameLength(what, expected, actual);
        double relative = (isDouble(type) ? DOUBLE_RELATIVE : FLOAT_RELATIVE) + rounding;
        double absolute = (isDouble(type) ? DOUBLE_ABSOLUTE : FLOAT_ABSOLUTE) * largest(expected)
                + conditioning
                + (type == DataType.FLOAT16 ? 0x1p-24 : 0);
        for (int i = 0; i < expected.length; i++) {
            double tolerance = absolute + relative * Math.abs(expected[i]);
            if (!same(expected[i], actual[i], tolerance)) {
                throw different(what, expected, actual, columns, i, "within " + tolerance);
            }
        }
    }

    static void bits(String what, double[] expected, double[] actual, int columns) {
        sameLength(what, expected, actual);
        for (int i = 0; i < expected.length; i++) {
            if (Double.doubleToLongBits(expected[i]) != Double.doubleToLongBits(actual[i])) {
                throw different(what, expected, actual, columns, i, "bit for bit");
            }
        }
    }

    static void bits(String what, double expected, double actual) {
        if (Double.doubleToLongBits(expected) != Double.doubleToLongBits(actual)) {
            throw new AssertionError(what + " is " + actual + ", expected " + expected + " bit for bit");
        }
    }

    private static boolean same(double expected, double actual, double tolerance) {
        // a tolerance relative to infinity would be infinite
        return Double.compare(expected, actual) == 0
                || !Double.isInfinite(expected) && Math.abs(expected - actual) <= tolerance;
    }

    private static void sameLength(String what, double[] expected, double[] actual) {
        if (expected.length != actual.length) {
            throw new AssertionError(what + " has " + actual.length + " elements, expected " + expected.length);
        }
    }

    private static AssertionError different(
            String what, double[] expected, double[] actual, int columns, int at, String how) {
        int row = at / Math.max(1, columns);
        int column = at % Math.max(1, columns);
        return new AssertionError(what + " at row " + row + ", column " + column + " of " + columns + " is "
                + actual[at] + ", expected " + expected[at] + " " + how);
    }

    /** The largest finite absolute value. */
    static double largest(double[] values) {
        double largest = 0;
        for (double v : values) {
            if (!Double.isNaN(v) && !Double.isInfinite(v)) {
                largest = Math.max(largest, Math.abs(v));
            }
        }
        return largest;
    }

    /** Half a unit in the last place of what the gradient is stored in, relative. */
    private static double rounding(DataType type) {
        return switch (type) {
            case HALF -> 0x1.01p-11;
            case BFLOAT16 -> 0x1.01p-8;
            default -> 0;
        };
    }
}
