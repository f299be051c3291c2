package io.loss4j.examples.comparison;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The ranking as lines of text, which fit 80 columns. */
public final class RankingTable {
    private static final int SHOWN = 3;

    private RankingTable() {}

    /** The measures that are shown: that of the ranking first, three in all. */
    static List<Measure> shown(Standings standings) {
        Set<Measure> rest = EnumSet.allOf(Measure.class);
        rest.remove(standings.by());
        List<Measure> shown = new ArrayList<>(List.of(standings.by()));
        shown.addAll(rest.stream().limit(SHOWN - 1).toList());
        return shown;
    }

    /** The best candidate first. */
    public static String of(Standings standings) {
        List<Measure> measures = shown(standings);
        List<Column> columns = new ArrayList<>();
        columns.add(new Column().header("").dataAlign(HorizontalAlign.LEFT));
        for (Measure measure : measures) {
            columns.add(column(measure.title().replace(' ', '\n')));
        }
        columns.add(column("s/fit"));
        String[][] rows = standings.ranking().stream()
                .map(standing -> row(standing, measures))
                .toArray(String[][]::new);
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(columns.toArray(Column[]::new), rows)
                .asString();
    }

    private static Column column(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.RIGHT).dataAlign(HorizontalAlign.RIGHT);
    }

    private static String[] row(Standing standing, List<Measure> measures) {
        List<String> cells = new ArrayList<>();
        cells.add(standing.candidate().id());
        for (Measure measure : measures) {
            Interval score = standing.score(measure);
            cells.add(String.format(Locale.ROOT, "%.3f ±%.3f", score.mean(), (score.high() - score.low()) / 2));
        }
        cells.add(String.format(Locale.ROOT, "%.1f", standing.seconds()));
        return cells.toArray(String[]::new);
    }

    /** What the numbers mean. */
    public static String explanation(Comparison comparison) {
        String area =
                comparison.classes().size() == 2 ? "of the rarer class" : "the mean of each class against the rest";
        return "Means over " + comparison.folds() * comparison.repeats() + " tested folds, and confidence intervals of "
                + "95 % that respect that folds share their training rows (Nadeau and Bengio 2003). Areas are " + area
                + ".";
    }
}
