package io.loss4j.examples.report;

import io.loss4j.examples.plot.ChartStyle;
import java.awt.Color;
import java.awt.geom.Line2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;

/** Curves of candidates over two axes: those in colour before those in grey, which have one entry in the legend. */
final class LineChart {
    private final XYSeriesCollection series = new XYSeriesCollection();
    private final XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    private final boolean markers;
    private int greys;

    /** With a marker at every point, or without. */
    LineChart(boolean markers) {
        this.markers = markers;
        renderer.setDrawSeriesLineAsPath(true);
        renderer.setLegendLine(new Line2D.Double(-Legend.SAMPLE / 2.0, 0, Legend.SAMPLE / 2.0, 0));
    }

    /** Draws a line for every candidate that has one. */
    static LineChart of(Looks looks, boolean markers, LineOf lineOf) {
        LineChart lines = new LineChart(markers);
        List<Look> grey = looks.all().stream().filter(look -> !look.shown()).toList();
        looks.shown().forEach(look -> lines.add(look, look.title(), lineOf.points(look)));
        for (Look look : grey) {
            boolean first = look == grey.get(0);
            String name = first && grey.size() > 1 ? grey.size() + " others" : look.title();
            lines.add(look, name, lineOf.points(look));
        }
        return lines;
    }

    /** The points of a candidate, [x and y][points]; those that are not numbers are left out. */
    interface LineOf {
        double[][] points(Look look);
    }

    private void add(Look look, String name, double[][] points) {
        int at = series.getSeriesCount();
        add(name, points);
        renderer.setSeriesPaint(at, look.colour());
        renderer.setSeriesStroke(at, look.stroke());
        renderer.setSeriesShape(at, look.marker());
        boolean lonely = series.getItemCount(at) == 1;
        renderer.setSeriesShapesVisible(at, (markers || lonely) && (look.shown() || lonely));
        if (!look.shown() && greys++ > 0) {
            renderer.setSeriesVisibleInLegend(at, false);
        }
    }

    private void add(String name, double[][] points) {
        String label = Labels.shortened(List.of(name), Legend.LONGEST).get(0);
        String key = label;
        for (int n = 2; series.getSeriesIndex(key) >= 0; n++) {
            key = label + " (" + n + ")";
        }
        XYSeries line = new XYSeries(key, false);
        for (int i = 0; i < points[0].length; i++) {
            if (Double.isFinite(points[0][i]) && Double.isFinite(points[1][i])) {
                line.add(points[0][i], points[1][i]);
            }
        }
        series.addSeries(line);
    }

    /** A thin dotted line without an entry in the legend: what chance gives, or what would be perfect. */
    LineChart reference(double x0, double y0, double x1, double y1) {
        int at = series.getSeriesCount();
        add("reference", new double[][] {{x0, x1}, {y0, y1}});
        renderer.setSeriesPaint(at, Color.DARK_GRAY);
        renderer.setSeriesStroke(at, ChartStyle.stroke(1, 1, 3));
        renderer.setSeriesShapesVisible(at, false);
        renderer.setSeriesVisibleInLegend(at, false);
        return this;
    }

    /** Pixels that its legend needs. */
    int legendHeight() {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < series.getSeriesCount(); i++) {
            if (renderer.isSeriesVisibleInLegend(i)) {
                shown.add(series.getSeriesKey(i).toString());
            }
        }
        return Legend.height(shown);
    }

    XYPlot plot(NumberAxis x, NumberAxis y) {
        return new XYPlot(series, x, y, renderer);
    }

    /** An axis from 0 to 1. */
    static NumberAxis unit(@Nullable String label) {
        NumberAxis axis = ChartStyle.axis(label);
        axis.setRange(-0.01, 1.01);
        axis.setTickUnit(new NumberTickUnit(0.2, decimals("0.0")));
        return axis;
    }

    static DecimalFormat decimals(String pattern) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    }
}
