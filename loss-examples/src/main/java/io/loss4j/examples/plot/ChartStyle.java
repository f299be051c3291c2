package io.loss4j.examples.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.LegendTitle;
import org.jspecify.annotations.Nullable;

/** How charts look: dark on white, without frames, in colours that colour-blind people tell apart. */
public final class ChartStyle {
    /** From the palette of Okabe and Ito, which colour-blind people tell apart; without yellow, too light on white. */
    public static final List<Color> COLOURS = List.of(
            new Color(0x0072B2),
            new Color(0xD55E00),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0xE69F00),
            new Color(0x56B4E9));

    /** Of texts. */
    public static final Color INK = new Color(0x222222);

    /** Of what stands back. */
    public static final Color GREY = new Color(0xA8A8A8);

    private static final Color GRID = new Color(0xDDDDDD);

    private ChartStyle() {}

    /** A font of this size in pixels. */
    public static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }

    /** A line of this width; dashes and gaps alternate, none is a solid line. */
    public static BasicStroke stroke(float width, float... dashes) {
        return new BasicStroke(
                width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes.length == 0 ? null : dashes, 0);
    }

    /** An axis of numbers that need not include 0. */
    public static NumberAxis axis(@Nullable String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setAutoRangeIncludesZero(false);
        return axis;
    }

    /** A chart around a plot. */
    public static JFreeChart chart(Plot plot, boolean legend, int fontSize) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        if (plot instanceof XYPlot xy) {
            xy.setDomainGridlinePaint(GRID);
            xy.setRangeGridlinePaint(GRID);
            style(xy.getDomainAxis(), fontSize);
            style(xy.getRangeAxis(), fontSize);
        } else if (plot instanceof CategoryPlot bars) {
            bars.setRangeGridlinePaint(GRID);
            style(bars.getDomainAxis(), fontSize);
            style(bars.getRangeAxis(), fontSize);
        }
        JFreeChart chart = new JFreeChart(null, font(fontSize), plot, legend);
        chart.setBackgroundPaint(Color.WHITE);
        LegendTitle entries = chart.getLegend();
        if (entries != null) {
            entries.setFrame(BlockBorder.NONE);
            entries.setItemFont(font(fontSize));
            entries.setItemPaint(INK);
        }
        return chart;
    }

    private static void style(Axis axis, int fontSize) {
        axis.setLabelFont(font(fontSize));
        axis.setTickLabelFont(font(fontSize - 1));
        axis.setLabelPaint(INK);
        axis.setTickLabelPaint(INK);
    }
}
