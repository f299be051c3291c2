package io.loss4j.examples.pages;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;

/**
 * A plot as SVG. Fonts, and so the bytes of the file, differ between machines; so it ends in a comment with a sample of
 * the plotted numbers, by which a stale file is found out.
 */
final class PlotFile {
    /** Blue and vermilion of the palette of Okabe and Ito, which colour-blind people tell apart. */
    private static final Color LOSS = new Color(0x0072B2);

    private static final Color GRADIENT = new Color(0xD55E00);
    private static final Color GRID = new Color(0xDDDDDD);
    private static final Dimension SIZE = new Dimension(560, 300);
    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final int STEP = 10;
    private static final String OPEN = "<!-- plotted: ";
    private static final String CLOSE = " -->";

    private PlotFile() {}

    static String svg(LossPlot plot) throws IOException {
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
            float[] dashes = name.endsWith("no") ? new float[] {7, 4} : null;
            renderer.setSeriesStroke(
                    at, new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
        });
        renderer.setDrawSeriesLineAsPath(true);
        XYPlot area = new XYPlot(curves, axis(plot.axis()), axis(null), renderer);
        area.setBackgroundPaint(Color.WHITE);
        area.setDomainGridlinePaint(GRID);
        area.setRangeGridlinePaint(GRID);
        area.setOutlineVisible(false);
        JFreeChart chart = new JFreeChart(null, null, area, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getLegend().setFrame(BlockBorder.NONE);
        SVGGraphics2D graphics = new SVGGraphics2D(document());
        graphics.setSVGCanvasSize(SIZE);
        chart.draw(graphics, new Rectangle(SIZE));
        StringWriter text = new StringWriter();
        graphics.stream(text, true);
        String shorter = text.toString().strip().replaceAll("(\\.\\d\\d)\\d+", "$1"); // hundredths of a pixel
        return shorter + "\n" + OPEN + numbers(plot) + CLOSE + "\n";
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static NumberAxis axis(@Nullable String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setAutoRangeIncludesZero(false);
        axis.setLabelFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        return axis;
    }

    /** Every so many points of every curve. */
    private static String numbers(LossPlot plot) {
        return plot.curves().entrySet().stream()
                .map(curve -> curve.getKey() + ": " + sampled(curve))
                .collect(Collectors.joining("; "));
    }

    private static String sampled(Map.Entry<String, double[]> curve) {
        double[] values = curve.getValue();
        return IntStream.iterate(0, i -> i < values.length, i -> i + STEP)
                .mapToObj(i -> String.format(Locale.ROOT, "%.5g", values[i]))
                .collect(Collectors.joining(" "));
    }

    /** Whether a file shows this plot. */
    static boolean shows(String svg, LossPlot plot) {
        int open = svg.lastIndexOf(OPEN);
        int close = svg.lastIndexOf(CLOSE);
        if (open < 0 || close < open) {
            return false;
        }
        String[] found = svg.substring(open + OPEN.length(), close).split("[ ;]+");
        String[] expected = numbers(plot).split("[ ;]+");
        return found.length == expected.length && same(found, expected);
    }

    private static boolean same(String[] found, String[] expected) {
        for (int i = 0; i < found.length; i++) {
            boolean word = !expected[i].matches("[-+.0-9eE]+");
            if (word
                    ? !found[i].equals(expected[i])
                    : !(Math.abs(Double.parseDouble(found[i]) - Double.parseDouble(expected[i])) <= 1e-3)) {
                return false;
            }
        }
        return true;
    }
}
