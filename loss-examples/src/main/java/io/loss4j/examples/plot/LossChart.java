package io.loss4j.examples.plot;

import java.awt.Color;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** The chart of one loss: its value and its gradient, dashed where the label is no. */
public final class LossChart {
    private static final Color LOSS = ChartStyle.COLOURS.get(0);
    private static final Color GRADIENT = ChartStyle.COLOURS.get(1);
    private static final int FONT = 12;

    private LossChart() {}

    /** Draws what was sampled. */
    public static JFreeChart of(LossPlot plot) {
        XYSeriesCollection curves = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        plot.curves().forEach((name, values) -> {
            XYSeries series = new XYSeries(name);
            for (int i = 0; i < values.length; i++) {
                series.add(plot.x()[i], values[i]);
            }
            int at = curves.getSeriesCount();
            curves.addSeries(series);
            renderer.setSeriesPaint(at, name.startsWith("loss") ? LOSS : GRADIENT);
            renderer.setSeriesStroke(at, name.endsWith("no") ? ChartStyle.stroke(2, 7, 4) : ChartStyle.stroke(2));
        });
        renderer.setDrawSeriesLineAsPath(true);
        XYPlot area = new XYPlot(curves, ChartStyle.axis(plot.axis()), ChartStyle.axis(null), renderer);
        return ChartStyle.chart(area, true, FONT);
    }
}
