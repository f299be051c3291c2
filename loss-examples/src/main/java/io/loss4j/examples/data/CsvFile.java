package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file: UTF-8, cells optionally in double quotes, blank lines ignored, a delimiter at the end of every line
 * tolerated.
 */
public final class CsvFile {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String DELIMITERS = ",;\t|";

    private CsvFile() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @param delimiter what separates cells
     * @param header whether the first line holds the names of the columns, or null to find out
     * @param mentioned columns that the user called by name or number; a name in the first line shows that it is a header
     * @throws LossInputException if it cannot be read or is not a table
     */
    public static Table read(Path file, char delimiter, @Nullable Boolean header, Collection<String> mentioned) {
        String source = String.valueOf(file.getFileName());
        if (!Files.exists(file)) {
            throw new LossInputException(
                    "L4J-D21", file.toString(), "there is no such file", "correct the path after --csv");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new LossInputException(
                    "L4J-D21",
                    file.toString(),
                    Files.isDirectory(file) ? "this is a directory" : "this file cannot be read",
                    "give a file that you may read after --csv");
        }
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            reader.mark(1);
            if (reader.read() != BYTE_ORDER_MARK) {
                reader.reset();
            }
            return table(source, records(reader, source, delimiter), delimiter, header, mentioned);
        } catch (CharacterCodingException e) {
            throw new LossInputException(
                    "L4J-D24", source, "this is not text in UTF-8", "save it as UTF-8, or unpack it first");
        } catch (IOException e) {
            throw new LossInputException(
                    "L4J-D21", file.toString(), "it cannot be read: " + e.getMessage(), "correct the path after --csv");
        }
    }

    private static List<Table.Row> records(BufferedReader reader, String source, char delimiter) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreSurroundingSpaces(!Character.isWhitespace(delimiter))
                .setTrim(true)
                .build();
        List<Table.Row> rows = new ArrayList<>();
        long line = 0;
        try (CSVParser parser = format.parse(reader)) {
            try {
                for (CSVRecord cells : parser) {
                    line = parser.getCurrentLineNumber();
                    rows.add(new Table.Row(line - lineFeeds(cells), cells.toList()));
                }
            } catch (UncheckedIOException e) {
                if (e.getCause() instanceof CharacterCodingException wrongCharset) {
                    throw wrongCharset;
                }
                throw new LossInputException(
                        "L4J-D24",
                        source,
                        "after line " + line + " there is a quote that is not closed or is followed by text",
                        "write a quote inside a quoted cell twice");
            }
        }
        return rows;
    }

    /** A quoted cell may span lines; the parser tells where a row ends. */
    private static long lineFeeds(CSVRecord row) {
        return row.stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
    }

    private static Table table(
            String source,
            List<Table.Row> rows,
            char delimiter,
            @Nullable Boolean header,
            Collection<String> mentioned) {
        if (rows.isEmpty()) {
            throw new LossInputException(
                    "L4J-D22", source, "the file is empty", "give a file with one row per example");
        }
        checkDelimiter(source, rows, delimiter);
        checkWidths(source, rows);
        int width = rows.get(0).cells().size();
        if (width > 1
                && rows.stream()
                        .allMatch(r -> r.cells().get(r.cells().size() - 1).isEmpty())) {
            width--; // a delimiter at the end of every line
        }
        int columns = width;
        List<Table.Row> cut = rows.stream()
                .map(r -> new Table.Row(r.line(), r.cells().subList(0, columns)))
                .toList();
        boolean named = header != null ? header : looksLikeHeader(cut, mentioned);
        List<Table.Row> data = named ? cut.subList(1, cut.size()) : cut;
        if (data.isEmpty()) {
            throw new LossInputException(
                    "L4J-D22", source, "there is a header and nothing below it", "give one row per example");
        }
        return new Table(source, names(named ? cut.get(0).cells() : List.of(), columns), data);
    }

    private static List<String> names(List<String> header, int columns) {
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

    /** Blank lines are gone already in the eyes of the user, so a line of another length is a mistake. */
    private static void checkWidths(String source, List<Table.Row> rows) {
        Table.Row first = rows.get(0);
        int width = first.cells().size();
        for (Table.Row row : rows) {
            if (row.cells().size() != width) {
                throw new LossInputException(
                        "L4J-D23",
                        source,
                        "line " + row.line() + " has " + row.cells().size() + " cells, expected " + width
                                + " as in line " + first.line(),
                        "complete or remove that line, or put a cell that contains the delimiter in quotes");
            }
        }
    }

    private static void checkDelimiter(String source, List<Table.Row> rows, char delimiter) {
        String first = rows.get(0).cells().get(0);
        if (rows.get(0).cells().size() > 1) {
            return;
        }
        for (char other : DELIMITERS.toCharArray()) {
            if (other != delimiter && first.indexOf(other) >= 0) {
                throw new LossInputException(
                        "L4J-D25",
                        source,
                        "line " + rows.get(0).line() + " has one cell when cut at " + show(delimiter)
                                + ", but contains " + show(other),
                        "use --delimiter " + (other == '\t' ? "tab" : "'" + other + "'"));
            }
        }
        throw new LossInputException(
                "L4J-D25",
                source,
                "line " + rows.get(0).line() + " has one cell, expected features and a label cut at " + show(delimiter),
                "check that it is a CSV file, or use --delimiter");
    }

    private static String show(char delimiter) {
        return delimiter == '\t' ? "a tab" : "'" + delimiter + "'";
    }

    /**
     * A first line with a name that the user mentioned is a header. So is one with text above a column of numbers, or
     * one without numbers in which no cell occurs again in its column.
     */
    private static boolean looksLikeHeader(List<Table.Row> rows, Collection<String> mentioned) {
        List<String> first = rows.get(0).cells();
        if (mentioned.stream().anyMatch(m -> !Numbers.isNumber(m) && first.contains(m))) {
            return true;
        }
        List<Table.Row> rest = rows.subList(1, rows.size());
        boolean anyNumber = first.stream().anyMatch(Numbers::isNumber);
        boolean anyRepeated = false;
        for (int c = 0; c < first.size(); c++) {
            int column = c;
            String cell = first.get(c);
            if (!cell.isEmpty() && !Numbers.isNumber(cell) && !Missing.isMarker(cell)) {
                List<String> below = rest.stream()
                        .map(r -> r.cells().get(column))
                        .filter(v -> !Missing.isMarker(v))
                        .toList();
                if (!below.isEmpty() && below.stream().allMatch(Numbers::isNumber)) {
                    return true;
                }
                anyRepeated |= below.contains(cell);
            }
        }
        return !anyNumber
                && !anyRepeated
                && IntStream.range(0, first.size()).noneMatch(c -> first.get(c).isEmpty());
    }
}
