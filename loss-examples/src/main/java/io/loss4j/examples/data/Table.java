package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import io.loss4j.provider.Discovery;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A table of text cells that can be walked through any number of times; it need not be in memory. Every row has one cell
 * per column.
 *
 * @param source where it comes from, for messages
 * @param columns the names of the columns
 * @param rows the way through the rows
 */
public record Table(String source, List<String> columns, Rows rows) {
    private static final Pattern POSITION = Pattern.compile("-?\\d{1,9}");
    /** A message that lists every column of a wide table is of no use. */
    private static final int MOST_NAMES = 20;
    /** Every name of one letter is near every other. */
    private static final int SHORT = 3;

    /** Where rows come from. */
    @FunctionalInterface
    interface Rows {
        /** Shows every row, in order. */
        void forEach(Visitor visitor);
    }

    /** Who looks at rows. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Looks at a row.
         *
         * @param line where it begins in the source, counted from 1
         * @param cells the text of its cells, trimmed
         */
        void visit(long line, List<String> cells);
    }

    /** Copies the list. */
    public Table {
        columns = List.copyOf(columns);
    }

    /**
     * The position of a column from its name, {@code last}, or its number: 1 is the first, -1 the last. A name comes
     * before a number.
     *
     * @param wanted name or number
     * @param option the option that asks for it, for the message
     * @throws LossInputException if there is none, naming the nearest
     */
    int column(String wanted, String option) {
        int byName = columns.indexOf(wanted);
        if (byName >= 0) {
            return byName;
        }
        if (wanted.equals("last")) {
            return columns.size() - 1;
        }
        if (POSITION.matcher(wanted).matches()) {
            int number = Integer.parseInt(wanted);
            int index = number < 0 ? columns.size() + number : number - 1;
            if (index >= 0 && index < columns.size()) {
                return index;
            }
            throw new LossInputException(
                    "L4J-D26",
                    source,
                    "there is no column " + wanted + ", only 1 to " + columns.size(),
                    "correct " + option);
        }
        String nearest = wanted.length() < SHORT ? null : Discovery.nearest(wanted, columns);
        throw new LossInputException(
                "L4J-D26",
                source,
                "there is no column '" + wanted + "', only " + names(),
                nearest == null
                        ? "correct " + option + ", or give the column's number"
                        : "did you mean " + option + " " + nearest);
    }

    /** The names of the columns, for messages. */
    public String names() {
        return columns.size() <= MOST_NAMES
                ? String.join(", ", columns)
                : String.join(", ", columns.subList(0, MOST_NAMES)) + ", ... (" + columns.size() + " columns)";
    }
}
