package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file as a table, which stays on disk: one pass over it now tells its columns, and every walk through the table is
 * another one. A delimiter at the end of every line is tolerated.
 */
public final class CsvFile {
    private static final String DELIMITERS = ",;\t|";

    private CsvFile() {}

    /**
     * Finds out about a file.
     *
     * @param file the file
     * @param delimiter what separates cells
     * @param header whether the first line holds the names of the columns, or null to find out
     * @param mentioned columns that the user called by name or number; a name in the first line shows that it is a header
     * @throws LossInputException if it cannot be read or is not a table
     */
    public static Table open(Path file, char delimiter, @Nullable Boolean header, Collection<String> mentioned) {
        try (CsvRecords records = CsvRecords.open(file, delimiter)) {
            List<String> first = records.next();
            if (first == null) {
                throw new LossInputException(
                        "L4J-D22", records.source(), "the file is empty", "give a file with one row per example");
            }
            checkDelimiter(records, first, delimiter);
            HeaderGuess guess = new HeaderGuess(first, mentioned);
            for (List<String> cells = records.next(); cells != null; cells = records.next()) {
                guess.below(cells);
            }
            boolean named = header != null ? header : guess.isHeader();
            if (named && guess.rowsBelow() == 0) {
                throw new LossInputException(
                        "L4J-D22",
                        records.source(),
                        "there is a header and nothing below it",
                        "give one row per example");
            }
            List<String> names = names(named ? first : List.of(), guess.columns());
            return new Table(records.source(), names, visitor -> walk(file, delimiter, named, names.size(), visitor));
        }
    }

    private static void walk(Path file, char delimiter, boolean named, int columns, Table.Visitor visitor) {
        try (CsvRecords records = CsvRecords.open(file, delimiter)) {
            List<String> cells = records.next();
            if (named && cells != null) {
                cells = records.next();
            }
            for (; cells != null; cells = records.next()) {
                visitor.visit(records.line(), cells.size() == columns ? cells : cells.subList(0, columns));
            }
        }
    }

    static List<String> names(List<String> header, int columns) {
        List<String> names = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            String name = c < header.size() ? header.get(c) : "";
            if (name.isEmpty()) {
                name = "column " + (c + 1);
            } else if (names.contains(name)) {
                name += " (column " + (c + 1) + ")";
            }
            names.add(name);
        }
        return names;
    }

    static void checkDelimiter(CsvRecords records, List<String> cells, char delimiter) {
        if (cells.size() > 1) {
            return;
        }
        for (char other : DELIMITERS.toCharArray()) {
            if (other != delimiter && cells.get(0).indexOf(other) >= 0) {
                throw new LossInputException(
                        "L4J-D25",
                        records.source(),
                        "line " + records.line() + " has one cell when cut at " + show(delimiter) + ", but contains "
                                + show(other),
                        "use --delimiter " + (other == '\t' ? "tab" : "'" + other + "'"));
            }
        }
        throw new LossInputException(
                "L4J-D25",
                records.source(),
                "line " + records.line() + " has one cell, expected features and a label cut at " + show(delimiter),
                "check that it is a CSV file, or use --delimiter");
    }

    private static String show(char delimiter) {
        return delimiter == '\t' ? "a tab" : "'" + delimiter + "'";
    }
}
