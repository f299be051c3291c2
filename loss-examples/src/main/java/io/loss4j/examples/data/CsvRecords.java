package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file one after the other, in constant memory: UTF-8, cells optionally in double quotes, blank lines
 * ignored. Every row has as many cells as the first.
 */
final class CsvRecords implements AutoCloseable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final String source;
    private final RowLimit limit;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private long lastLine;
    private long line;
    private long firstLine;
    private int width = -1;

    private CsvRecords(Path file, String source, RowLimit limit, CSVParser parser) {
        this.file = file;
        this.source = source;
        this.limit = limit;
        this.parser = parser;
        this.records = parser.iterator();
    }

    /**
     * Opens a file.
     *
     * @throws LossInputException if there is no such file, or it cannot be read
     */
    static CsvRecords open(Path file, char delimiter) {
        if (!Files.exists(file)) {
            throw new LossInputException(
                    "L4J-D21", file.toString(), "there is no such file", "correct the path after --csv");
        }
        if (Files.isDirectory(file) || !Files.isReadable(file)) {
            throw new LossInputException(
                    "L4J-D21",
                    file.toString(),
                    Files.isDirectory(file) ? "this is a directory" : "this file cannot be read",
                    "give a file that you may read after --csv");
        }
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreSurroundingSpaces(!Character.isWhitespace(delimiter))
                .setTrim(true)
                .build();
        String source = String.valueOf(file.getFileName());
        try {
            BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
            try {
                skipByteOrderMark(reader);
                RowLimit limit = new RowLimit(reader);
                return new CsvRecords(file, source, limit, format.parse(limit));
            } catch (IOException | RuntimeException e) {
                reader.close();
                throw e;
            }
        } catch (CharacterCodingException e) {
            throw WrongCharset.in(file, source);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void skipByteOrderMark(BufferedReader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    private static LossInputException unreadable(Path file, IOException e) {
        return new LossInputException(
                "L4J-D21", file.toString(), "it cannot be read: " + e.getMessage(), "correct the path after --csv");
    }

    /**
     * The trimmed cells of the next row, or null after the last.
     *
     * @throws LossInputException if the file is not a table from here on
     */
    @Nullable
    List<String> next() {
        CSVRecord cells;
        try {
            if (!records.hasNext()) {
                return null;
            }
            cells = records.next();
        } catch (UncheckedIOException e) {
            throw explain(e);
        }
        limit.restart();
        lastLine = parser.getCurrentLineNumber();
        line = lastLine - lineFeeds(cells);
        if (width < 0) {
            width = cells.size();
            firstLine = line;
        } else if (cells.size() != width) {
            throw new LossInputException(
                    "L4J-D23",
                    source,
                    "line " + line + " has " + cells.size() + " cells, expected " + width + " as in line " + firstLine,
                    "complete or remove that line, or put a cell that contains the delimiter in quotes");
        }
        return cells.toList();
    }

    /** Where the row that {@link #next} returned begins in the file, counted from 1. */
    long line() {
        return line;
    }

    /** The name of the file, for messages. */
    String source() {
        return source;
    }

    private LossInputException explain(UncheckedIOException e) {
        IOException cause = Objects.requireNonNull(e.getCause(), "an unchecked I/O error has a cause");
        if (cause instanceof CharacterCodingException) {
            return WrongCharset.in(file, source);
        }
        if (cause instanceof RowLimit.Exceeded tooLong) {
            if (tooLong.lines() == 0) {
                return new LossInputException(
                        "L4J-D31",
                        source,
                        "line " + (lastLine + 1) + " has more than " + RowLimit.MOST + " characters",
                        "check that it is a CSV file with one row per line");
            }
        } else if (!isMisplacedQuote(cause)) {
            return unreadable(file, cause);
        }
        return new LossInputException(
                "L4J-D24",
                source,
                "after line " + lastLine + " there is a quote that is not closed or is followed by text",
                "write a quote inside a quoted cell twice");
    }

    /** The parser has no exception of its own. */
    private static boolean isMisplacedQuote(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("encapsulated token") || message.contains("EOF");
    }

    /** A quoted cell may span lines; the parser tells where a row ends. */
    private static long lineFeeds(CSVRecord row) {
        return row.stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
