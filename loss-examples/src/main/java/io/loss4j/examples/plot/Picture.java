package io.loss4j.examples.plot;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;

/**
 * A chart and its size.
 *
 * @param chart what is drawn
 * @param width in pixels of CSS
 * @param height in pixels of CSS
 */
public record Picture(JFreeChart chart, int width, int height) {
    /** Pixels of a PNG per pixel of CSS: sharp on the screens of phones. */
    private static final int SCALE = 2;

    /** As SVG, whose texts take the room that they were given, whichever font the reader has. */
    public String svg() throws IOException {
        SvgGraphics graphics = new SvgGraphics();
        graphics.setSVGCanvasSize(new Dimension(width, height));
        chart.draw(graphics, new Rectangle(width, height));
        StringWriter text = new StringWriter();
        graphics.write(text);
        return text.toString().replaceFirst("<!DOCTYPE[^>]*>\\s*", "").strip(); // or parsers look for its DTD
    }

    /** Writes it as PNG. */
    public void png(Path file) throws IOException {
        BufferedImage image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            graphics.scale(SCALE, SCALE);
            chart.draw(graphics, new Rectangle(width, height));
        } finally {
            graphics.dispose();
        }
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this Java cannot write PNG");
        }
    }
}
