package io.loss4j.examples.training;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Scores side by side: a column per loss, a row per measure. Fits 80 columns with three losses. */
public final class ScoreTable {
    private static final int LONGEST_CLASS = 14;
    private static final int MOST_CLASSES = 20;

    private final List<String> classes;
    private final List<Result> results;
    private final List<String[]> rows = new ArrayList<>();

    private ScoreTable(List<String> classes, List<Result> results) {
        this.classes = classes;
        this.results = results;
    }

    /**
     * The table as lines of text.
     *
     * @param classes the names of the classes
     * @param results one per loss
     */
    public static String of(List<String> classes, List<Result> results) {
        return new ScoreTable(classes, results).draw();
    }

    private String draw() {
        Scores first = results.get(0).scores();
        int shown = Math.min(classes.size(), MOST_CLASSES);
        for (int k = 0; k < shown; k++) {
            int index = k;
            String name = classes.get(k);
            String title = name.length() <= LONGEST_CLASS ? name : name.substring(0, LONGEST_CLASS - 3) + "...";
            add(title + ": precision", r -> r.scores().perClass().get(index).precision());
            add("  recall", r -> r.scores().perClass().get(index).recall());
            add("  F1", r -> r.scores().perClass().get(index).f1());
        }
        if (shown < classes.size()) {
            rows.add(cells("(" + (classes.size() - shown) + " more classes)", r -> ""));
        }
        String of = classes.size() == 2 ? " of " + classes.get(first.rarer()) : ", macro";
        add("balanced accuracy", r -> r.scores().balancedAccuracy());
        add("PR-AUC" + of, r -> r.scores().precisionRecallArea());
        add("ROC-AUC" + of, r -> r.scores().rocArea());
        add("Brier score" + of, r -> r.scores().brier());
        rows.add(cells("seconds of the fit", r -> seconds(r.fitSeconds())));
        rows.add(cells("  in the loss", r -> seconds(r.lossSeconds())));

        List<Column> columns = new ArrayList<>();
        columns.add(new Column().header("").dataAlign(HorizontalAlign.LEFT));
        for (Result result : results) {
            columns.add(new Column()
                    .header(result.name())
                    .headerAlign(HorizontalAlign.RIGHT)
                    .dataAlign(HorizontalAlign.RIGHT));
        }
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(columns.toArray(Column[]::new), rows.toArray(String[][]::new))
                .asString();
    }

    private void add(String title, ToDoubleFunction<Result> measure) {
        rows.add(cells(title, r -> String.format(Locale.ROOT, "%.3f", measure.applyAsDouble(r))));
    }

    private String[] cells(String title, Function<Result, String> text) {
        String[] cells = new String[results.size() + 1];
        cells[0] = title;
        for (int i = 0; i < results.size(); i++) {
            cells[i + 1] = text.apply(results.get(i));
        }
        return cells;
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }
}
