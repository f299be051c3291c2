package io.loss4j.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results as text: one row per workload. */
final class ResultTable {
    private final List<String> header = new ArrayList<>(List.of("case", "asked for"));
    private final List<List<String>> rows = new ArrayList<>();

    ResultTable(Run run) {
        List<Comparison> comparisons = run.comparisons();
        List<Contender> present = Arrays.stream(Contender.values())
                .filter(c -> comparisons.stream().anyMatch(comparison -> comparison.of(c) != null))
                .toList();
        present.forEach(c -> header.add(c.id));
        List<Contender> slower = present.contains(Contender.LOSS4J)
                ? present.stream().filter(Contender::isDl4j).toList()
                : List.of();
        slower.forEach(c -> header.add(c.id + " : loss4j"));
        boolean bars = slower.contains(Contender.DL4J);
        if (bars) {
            header.add("bar");
        }
        boolean floor = present.contains(Contender.LOSS4J) && present.contains(Contender.COPY);
        if (floor) {
            header.add("loss4j : copy");
        }
        for (Comparison comparison : comparisons) {
            List<String> row = new ArrayList<>(List.of(comparison.workload.name(), comparison.wanted.toString()));
            present.forEach(c -> row.add(time(comparison.of(c))));
            slower.forEach(c -> row.add(ratio(comparison.ratio(c, Contender.LOSS4J))));
            if (bars) {
                row.add(bar(comparison));
            }
            if (floor) {
                row.add(ratio(comparison.ratio(Contender.LOSS4J, Contender.COPY)));
            }
            rows.add(row);
        }
    }

    private static String time(@Nullable Measurement measurement) {
        return measurement == null ? "" : measurement.times().asTime();
    }

    private static String ratio(@Nullable Times ratio) {
        return ratio == null ? "" : ratio.asRatio();
    }

    /** Bars hold for value and gradient together; with a question mark where the machine was busy. */
    private static String bar(Comparison comparison) {
        Times ratio = comparison.ratio(Contender.DL4J, Contender.LOSS4J);
        double bar = comparison.workload.bar();
        if (ratio == null || bar == 0 || comparison.wanted != Wanted.VALUE_AND_GRADIENT) {
            return "";
        }
        boolean disturbed = comparison.measurements().stream().anyMatch(Measurement::isDisturbed);
        return String.format(
                Locale.ROOT, "%.0f, %s%s", bar, ratio.median() >= bar ? "met" : "missed", disturbed ? "?" : "");
    }

    String ascii() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            HorizontalAlign side = i < 2 ? HorizontalAlign.LEFT : HorizontalAlign.RIGHT;
            columns.add(new Column()
                    .header(header.get(i))
                    .headerAlign(side)
                    .dataAlign(side)
                    .maxWidth(60));
        }
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        columns.toArray(Column[]::new),
                        rows.stream().map(r -> r.toArray(String[]::new)).toArray(String[][]::new))
                .asString();
    }

    String markdown() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(header);
        lines.add(
                header.stream().map(h -> header.indexOf(h) < 2 ? "---" : "---:").toList());
        lines.addAll(rows);
        return lines.stream()
                .map(cells -> cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")))
                .collect(Collectors.joining());
    }
}
