package io.loss4j.examples.report;

import io.loss4j.dl4j.metric.ConfusionMatrix;
import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.plot.ChartStyle;
import io.loss4j.examples.plot.Picture;
import java.awt.Color;
import java.awt.Paint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.PaintScale;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.DefaultXYZDataset;

/** What the rows of each class are taken for, as parts of the class. */
final class ConfusionPlot {
    private static final int MOST_NUMBERS = 12;
    private static final int LONGEST = 20;
    private static final int LONGEST_OF_MANY = 14;
    private static final int DEEP = 0x0B4F8A;

    private ConfusionPlot() {}

    static Figure of(Comparison comparison, Look look, int number) {
        List<String> classes = comparison.classes();
        int n = classes.size();
        ConfusionMatrix confusion = TestedRows.answers(comparison, look.result());
        double[][] cells = new double[3][n * n];
        for (int actual = 0; actual < n; actual++) {
            for (int answered = 0; answered < n; answered++) {
                int at = actual * n + answered;
                cells[0][at] = answered;
                cells[1][at] = actual;
                cells[2][at] = share(confusion, actual, answered);
            }
        }
        DefaultXYZDataset data = new DefaultXYZDataset();
        data.addSeries(look.title(), cells);
        XYBlockRenderer renderer = new XYBlockRenderer();
        renderer.setPaintScale(new Blues());
        String[] names = Labels.shortened(classes, n > MOST_NUMBERS ? LONGEST_OF_MANY : LONGEST)
                .toArray(String[]::new);
        SymbolAxis answered = axis("answered class", names);
        boolean lying = fits(names);
        answered.setVerticalTickLabels(!lying);
        SymbolAxis actual = axis("true class", names);
        actual.setInverted(true);
        XYPlot plot = new XYPlot(data, answered, actual, renderer);
        if (n <= MOST_NUMBERS) {
            for (int i = 0; i < n * n; i++) {
                plot.addAnnotation(number(cells[0][i], cells[1][i], cells[2][i], n));
            }
        }
        int labels = lying ? 50 : 30 + 8 * longest(names);
        int height = labels + Math.max(n * (n > MOST_NUMBERS ? 12 : 24), 110);
        JFreeChart chart = ChartStyle.chart(plot, false, n > MOST_NUMBERS ? Figure.FONT - 3 : Figure.FONT);
        if (n > MOST_NUMBERS) {
            answered.setTickLabelFont(ChartStyle.font(Figure.FONT - 5));
            answered.setTickLabelInsets(RectangleInsets.ZERO_INSETS);
        }
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        return new Figure(
                "confusion-" + number,
                look.title(),
                "",
                "Confusion matrix of " + look.title() + ". " + words(classes, confusion) + ".",
                new Picture(chart, Figure.WIDTH, height));
    }

    /** Whether the names fit below their columns without being turned. */
    private static boolean fits(String[] names) {
        int columns = Figure.WIDTH - 8 * longest(names) - 40;
        return names.length * (8 * longest(names) + 6) < columns;
    }

    private static int longest(String[] names) {
        return Arrays.stream(names).mapToInt(String::length).max().orElse(0);
    }

    private static SymbolAxis axis(String title, String[] names) {
        SymbolAxis axis = new SymbolAxis(title, names);
        axis.setGridBandsVisible(false);
        axis.setTickUnit(new NumberTickUnit(1));
        axis.setAutoRangeIncludesZero(false);
        axis.setRange(-0.5, names.length - 0.5);
        axis.setTickMarksVisible(false);
        return axis;
    }

    private static XYTextAnnotation number(double x, double y, double share, int n) {
        XYTextAnnotation text =
                new XYTextAnnotation(Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.0f", 100 * share), x, y);
        text.setFont(ChartStyle.font(n <= 6 ? Figure.FONT : Figure.FONT - 3));
        text.setPaint(share > 0.5 ? Color.WHITE : ChartStyle.INK);
        return text;
    }

    /** NaN if the class has no rows. */
    private static double share(ConfusionMatrix confusion, int actual, int answered) {
        return (double) confusion.count(actual, answered) / confusion.actual(actual);
    }

    /** Of every class how much is found, and what it is mostly taken for instead. */
    private static String words(List<String> classes, ConfusionMatrix confusion) {
        StringJoiner words = new StringJoiner("; ");
        for (int k = 0; k < classes.size(); k++) {
            int other = -1;
            for (int j = 0; j < classes.size(); j++) {
                if (j != k && confusion.count(k, j) > (other < 0 ? 0 : confusion.count(k, other))) {
                    other = j;
                }
            }
            words.add(Labels.printable(classes.get(k)) + ": " + Labels.percent(confusion.recall(k)) + " right"
                    + (other < 0
                            ? ""
                            : ", " + Labels.percent(share(confusion, k, other)) + " taken for "
                                    + Labels.printable(classes.get(other))));
        }
        return words.toString();
    }

    /** From white at 0 to deep blue at 1. */
    private static final class Blues implements PaintScale {
        @Override
        public double getLowerBound() {
            return 0;
        }

        @Override
        public double getUpperBound() {
            return 1;
        }

        @Override
        public Paint getPaint(double share) {
            if (Double.isNaN(share)) {
                return Color.WHITE;
            }
            return new Color(mixed(share, 16), mixed(share, 8), mixed(share, 0));
        }

        private static int mixed(double share, int shift) {
            return (int) Math.round(255 + share * ((DEEP >> shift & 255) - 255));
        }
    }
}
