package io.loss4j.examples.data;

import java.util.Collection;
import java.util.List;

/**
 * Whether the first line of a file is a header, and whether its last column is only a delimiter at the end of every line.
 *
 * <p>A first line with a name that the user mentioned is a header. So is one with text above a column of numbers, or one
 * without numbers in which no cell occurs again in its column.
 */
final class HeaderGuess {
    private final List<String> first;
    private final boolean mentioned;
    private final long[] present;
    private final long[] numbers;
    private final boolean[] repeated;
    private boolean lastIsEmpty;
    private long rows;

    HeaderGuess(List<String> first, Collection<String> mentioned) {
        this.first = first;
        this.mentioned = mentioned.stream().anyMatch(m -> !Numbers.isNumber(m) && first.contains(m));
        this.present = new long[first.size()];
        this.numbers = new long[first.size()];
        this.repeated = new boolean[first.size()];
        this.lastIsEmpty = first.size() > 1 && first.get(first.size() - 1).isEmpty();
    }

    /** Looks at a line below the first. */
    void below(List<String> cells) {
        rows++;
        lastIsEmpty &= cells.get(cells.size() - 1).isEmpty();
        for (int c = 0; c < present.length; c++) {
            if (isText(first.get(c))) {
                String cell = cells.get(c);
                if (!Missing.isMarker(cell)) {
                    present[c]++;
                    numbers[c] += Numbers.isNumber(cell) ? 1 : 0;
                    repeated[c] |= cell.equals(first.get(c));
                }
            }
        }
    }

    private static boolean isText(String cell) {
        return !cell.isEmpty() && !Numbers.isNumber(cell) && !Missing.isMarker(cell);
    }

    /** How many lines are below the first. */
    long rowsBelow() {
        return rows;
    }

    /** How many columns there are. */
    int columns() {
        return lastIsEmpty ? first.size() - 1 : first.size();
    }

    boolean isHeader() {
        boolean anyNumber = false;
        boolean anyRepeated = false;
        boolean anyEmpty = false;
        for (int c = 0; c < columns(); c++) {
            if (present[c] > 0 && numbers[c] == present[c]) {
                return true; // text above numbers
            }
            anyNumber |= Numbers.isNumber(first.get(c));
            anyRepeated |= repeated[c];
            anyEmpty |= first.get(c).isEmpty();
        }
        return mentioned || !anyNumber && !anyRepeated && !anyEmpty;
    }
}
