package io.loss4j.examples.report;

import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.examples.comparison.Comparison;
import java.util.List;
import java.util.StringJoiner;

/** The part of each class that is found. */
final class RecallBars {
    private static final int MOST_BARS = 32;

    private RecallBars() {}

    static Figure of(Comparison comparison, Looks looks) {
        int classes = comparison.classes().size();
        List<Look> drawn = looks.best(Math.max(1, Math.min(6, MOST_BARS / classes - 1)));
        List<String> names = Labels.shortened(comparison.classes(), BarChart.LONGEST);
        List<String> titles = Labels.shortened(drawn.stream().map(Look::title).toList(), Legend.LONGEST);
        BarChart bars = new BarChart(titles, names);
        StringJoiner words = new StringJoiner("; ");
        for (int i = 0; i < drawn.size(); i++) {
            ConfusionMatrix confusion =
                    TestedRows.answers(comparison, drawn.get(i).result());
            StringJoiner each = new StringJoiner(", ", drawn.get(i).title() + ": ", "");
            for (int k = 0; k < classes; k++) {
                double recall = confusion.recall(k);
                bars.set(i, k, recall, Labels.percent(recall), drawn.get(i).colour());
                each.add(Labels.printable(comparison.classes().get(k)) + " " + Labels.percent(recall));
            }
            words.add(each.toString());
        }
        String which = drawn.size() < looks.all().size()
                ? " Shown are plain training and the best "
                        + (drawn.size() > 2 ? drawn.size() - 1 + " others." : "other.")
                : "";
        return new Figure(
                "recall",
                "Recall of each class",
                "The part of the rows of a class that is answered with that class, over all tested rows." + which,
                "Bars of the recall of each class. " + words + ".",
                Figure.picture(
                        bars.plot(BarChart.shares("recall, part of the class")),
                        true,
                        bars.height(Legend.height(titles))));
    }
}
