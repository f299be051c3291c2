package io.loss4j.examples.report;

import io.loss4j.examples.plot.ChartStyle;
import io.loss4j.examples.plot.Picture;
import org.jfree.chart.plot.Plot;

/**
 * A figure of the report.
 *
 * @param id the name of its PNG, without extension
 * @param title its heading
 * @param caption how to read it
 * @param alternative its content in words and numbers, for who cannot see it
 * @param picture the drawing
 */
record Figure(String id, String title, String caption, String alternative, Picture picture) {
    /** Readable at the width of a phone, where a pixel of the figure is about 0.8 pixels of CSS. */
    static final int WIDTH = 400;

    static final int FONT = 13;

    static Picture picture(Plot plot, boolean legend, int height) {
        return new Picture(ChartStyle.chart(plot, legend, FONT), WIDTH, height);
    }
}
