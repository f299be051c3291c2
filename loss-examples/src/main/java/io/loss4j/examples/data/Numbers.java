package io.loss4j.examples.data;

/** What counts as a number in a cell: decimal notation, finite. {@code 1f}, {@code 0x1p3} and {@code NaN} do not. */
final class Numbers {
    /** Without an exponent so few characters cannot overflow. */
    private static final int SHORT = 300;

    private Numbers() {}

    static boolean isNumber(String cell) {
        int exponent = endOfMantissa(cell);
        return exponent == cell.length() && exponent <= SHORT
                || exponent > 0 && isExponent(cell, exponent) && Double.isFinite(Double.parseDouble(cell));
    }

    /** Where {@code [+-]?(\d+\.?\d*|\.\d+)} ends, or -1 if the cell does not begin like that. */
    private static int endOfMantissa(String cell) {
        int at = !cell.isEmpty() && isSign(cell.charAt(0)) ? 1 : 0;
        int digits = 0;
        boolean point = false;
        for (; at < cell.length(); at++) {
            char c = cell.charAt(at);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        return digits == 0 ? -1 : at;
    }

    /** Whether {@code ([eE][+-]?\d+)?} is all that follows. */
    private static boolean isExponent(String cell, int from) {
        if (from == cell.length()) {
            return true;
        }
        int at = from + 1;
        if ((cell.charAt(from) | ' ') != 'e') {
            return false;
        }
        at += at < cell.length() && isSign(cell.charAt(at)) ? 1 : 0;
        int begin = at;
        while (at < cell.length() && cell.charAt(at) >= '0' && cell.charAt(at) <= '9') {
            at++;
        }
        return at > begin && at == cell.length();
    }

    private static boolean isSign(char c) {
        return c == '+' || c == '-';
    }
}
