package io.loss4j.examples.report;

import io.loss4j.examples.plot.ChartStyle;
import java.awt.font.FontRenderContext;
import java.util.List;

/** How much room a legend takes, whose entries flow into lines. */
final class Legend {
    /** Characters of a name. */
    static final int LONGEST = 36;

    /** Pixels of a line that shows the dashes. */
    static final int SAMPLE = 26;

    private static final int GAPS = 16;
    private static final int LINE = 20;

    private Legend() {}

    static int height(List<String> names) {
        FontRenderContext context = new FontRenderContext(null, true, true);
        int lines = 1;
        double used = 0;
        for (String name : names) {
            double width = SAMPLE
                    + GAPS
                    + ChartStyle.font(Figure.FONT)
                            .getStringBounds(name, context)
                            .getWidth();
            if (used > 0 && used + width > Figure.WIDTH) {
                lines++;
                used = 0;
            }
            used += width;
        }
        return lines * LINE;
    }
}
