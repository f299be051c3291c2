package io.loss4j.examples.report;

import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.plot.ChartStyle;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.jfree.chart.axis.NumberAxis;

/** How many rows each class has. */
final class ClassHistogram {
    private ClassHistogram() {}

    static Figure of(Comparison comparison) {
        long[] counts = comparison.counts();
        long all = Arrays.stream(counts).sum();
        List<String> names = Labels.shortened(comparison.classes(), BarChart.LONGEST);
        BarChart bars = new BarChart(List.of("rows"), names);
        StringJoiner words = new StringJoiner(", ");
        for (int k = 0; k < counts.length; k++) {
            String share = Labels.percent((double) counts[k] / all);
            bars.set(0, k, counts[k], counts[k] + ", " + share, ChartStyle.COLOURS.get(0));
            words.add(Labels.printable(comparison.classes().get(k)) + " " + counts[k] + " (" + share + ")");
        }
        NumberAxis axis = new NumberAxis("rows");
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        axis.setUpperMargin(0.5); // for the numbers behind the bars
        return new Figure(
                "classes",
                "Rows of each class",
                "What the classes of " + Labels.printable(comparison.label()) + " are, and how rare.",
                "Bars of the number of rows of each class, " + all + " in all: " + words + ".",
                Figure.picture(bars.plot(axis), false, bars.height(0)));
    }
}
