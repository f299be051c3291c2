package io.loss4j.examples.tasks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What came of each loss in one example: a row per loss, a column per measure. */
public final class Scoreboard {
    private final List<String> measures;
    private final Map<String, double[]> rows = new LinkedHashMap<>();

    Scoreboard(String... measures) {
        this.measures = List.of(measures);
    }

    /** Adds a row. */
    void add(String loss, double... scores) {
        if (scores.length != measures.size()) {
            throw new IllegalArgumentException(scores.length + " scores for " + measures);
        }
        rows.put(loss, scores.clone());
    }

    /** The losses, in the order in which they were tried. */
    public List<String> losses() {
        return List.copyOf(rows.keySet());
    }

    /** The names of the measures. */
    public List<String> measures() {
        return measures;
    }

    /** One number; NaN if the measure means nothing for the loss. */
    public double score(String loss, String measure) {
        return Objects.requireNonNull(rows.get(loss), loss)[measures.indexOf(measure)];
    }

    /** The table as lines of text. */
    @Override
    public String toString() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column().header("").dataAlign(HorizontalAlign.LEFT));
        measures.forEach(measure -> columns.add(new Column().header(measure)));
        String[][] cells = rows.entrySet().stream()
                .map(row -> {
                    List<String> line = new ArrayList<>(List.of(row.getKey()));
                    for (double score : row.getValue()) {
                        line.add(Double.isNaN(score) ? "" : String.format(Locale.ROOT, "%.3f", score));
                    }
                    return line.toArray(String[]::new);
                })
                .toArray(String[][]::new);
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(columns.toArray(Column[]::new), cells)
                .asString();
    }
}
