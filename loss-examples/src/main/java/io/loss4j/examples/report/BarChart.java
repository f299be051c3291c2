package io.loss4j.examples.report;

import io.loss4j.examples.plot.ChartStyle;
import java.awt.Color;
import java.awt.Paint;
import java.util.List;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPosition;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.CategoryLabelWidthType;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.CategoryItemLabelGenerator;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.text.TextBlockAnchor;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;

/** Lying bars, so that long names fit beside them, each with its number at its end. */
final class BarChart {
    /** Characters of a name beside the bars. */
    static final int LONGEST = 24;

    private static final int AXIS = 55;

    private final DefaultCategoryDataset values = new DefaultCategoryDataset();
    private final Paint[][] paints;
    private final String[][] texts;

    /** So many bars in each of the groups. */
    BarChart(List<String> series, List<String> groups) {
        paints = new Paint[series.size()][groups.size()];
        texts = new String[series.size()][groups.size()];
        for (String one : series) {
            for (String group : groups) {
                values.addValue(null, one, group);
            }
        }
    }

    void set(int series, int group, double value, String text, Paint paint) {
        values.setValue(Double.isFinite(value) ? value : null, values.getRowKey(series), values.getColumnKey(group));
        paints[series][group] = paint;
        texts[series][group] = text;
    }

    /** A bar of 12 pixels, and a gap as wide as one; but never lower than a line of the name. */
    int height(int legend) {
        int bars = values.getRowCount() * values.getColumnCount();
        return Math.max(bars * 13, values.getColumnCount() * 14) + values.getColumnCount() * 10 + AXIS + legend;
    }

    /** An axis for parts of a whole, with room for the numbers behind the bars. */
    static NumberAxis shares(String label) {
        NumberAxis axis = LineChart.unit(label);
        axis.setRange(0, 1.15);
        return axis;
    }

    CategoryPlot plot(NumberAxis axis) {
        CategoryAxis names = new CategoryAxis();
        names.setLowerMargin(0.01);
        names.setUpperMargin(0.01);
        names.setMaximumCategoryLabelLines(1);
        names.setCategoryLabelPositions(CategoryLabelPositions.replaceLeftPosition(
                CategoryLabelPositions.STANDARD,
                new CategoryLabelPosition(
                        RectangleAnchor.RIGHT,
                        TextBlockAnchor.CENTER_RIGHT,
                        TextAnchor.CENTER_RIGHT,
                        0,
                        CategoryLabelWidthType.RANGE,
                        0.5f)));
        CategoryPlot plot = new CategoryPlot(values, names, axis, new Painted());
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        return plot;
    }

    private final class Painted extends BarRenderer {
        private static final long serialVersionUID = 1;

        Painted() {
            setBarPainter(new StandardBarPainter());
            setShadowVisible(false);
            setDrawBarOutline(false);
            setItemMargin(0.02);
            setDefaultItemLabelsVisible(true);
            setDefaultPositiveItemLabelPosition(
                    new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT, TextAnchor.CENTER_LEFT, 0));
            setDefaultItemLabelFont(ChartStyle.font(Figure.FONT - 3));
            setDefaultItemLabelPaint(ChartStyle.INK);
            setDefaultItemLabelGenerator(new CategoryItemLabelGenerator() {
                @Override
                public String generateRowLabel(CategoryDataset data, int row) {
                    return "";
                }

                @Override
                public String generateColumnLabel(CategoryDataset data, int column) {
                    return "";
                }

                @Override
                public String generateLabel(CategoryDataset data, int row, int column) {
                    return texts[row][column];
                }
            });
        }

        @Override
        public Paint getItemPaint(int row, int column) {
            Paint paint = paints[row][column];
            return paint == null ? Color.GRAY : paint;
        }

        @Override
        public Paint lookupSeriesPaint(int row) {
            return getItemPaint(row, 0);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
