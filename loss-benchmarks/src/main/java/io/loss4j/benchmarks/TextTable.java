package io.loss4j.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text, for a terminal and for Markdown. */
final class TextTable {
    private final int left;
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Empty.
     *
     * @param left how many columns hold words; the others hold numbers
     */
    TextTable(int left, List<String> header) {
        this.left = left;
        this.header = List.copyOf(header);
    }

    void add(List<String> row) {
        rows.add(List.copyOf(row));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    String ascii() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            HorizontalAlign side = i < left ? HorizontalAlign.LEFT : HorizontalAlign.RIGHT;
            columns.add(new Column()
                    .header(header.get(i))
                    .headerAlign(side)
                    .dataAlign(side)
                    .maxWidth(70));
        }
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        columns.toArray(Column[]::new),
                        rows.stream().map(r -> r.toArray(String[]::new)).toArray(String[][]::new))
                .asString();
    }

    /** Below a heading; nothing at all if it is empty. */
    String section(String title) {
        return isEmpty() ? "" : "## " + title + "\n\n" + markdown() + "\n";
    }

    String markdown() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(header);
        lines.add(IntStream.range(0, header.size())
                .mapToObj(i -> i < left ? "---" : "---:")
                .toList());
        lines.addAll(rows);
        return lines.stream()
                .map(cells -> cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")))
                .collect(Collectors.joining());
    }
}
