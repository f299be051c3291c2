package io.loss4j.benchmarks;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;

/** A chart as SVG. */
final class SvgText {
    private static final String SVG = "http://www.w3.org/2000/svg";

    private SvgText() {}

    static String of(JFreeChart chart, Dimension size) {
        try {
            SVGGraphics2D graphics = new SVGGraphics2D(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null));
            graphics.setSVGCanvasSize(size);
            chart.draw(graphics, new Rectangle(size));
            StringWriter text = new StringWriter();
            graphics.stream(text, true);
            return text.toString().strip().replaceAll("(\\.\\d\\d)\\d+", "$1") + "\n"; // hundredths of a pixel
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
