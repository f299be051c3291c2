package io.loss4j.examples.data;

import java.util.regex.Pattern;

/** What counts as a number in a cell: decimal notation, finite. {@code 1f}, {@code 0x1p3} and {@code NaN} do not. */
final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Numbers() {}

    static boolean isNumber(String cell) {
        return DECIMAL.matcher(cell).matches() && Double.isFinite(Double.parseDouble(cell));
    }
}
