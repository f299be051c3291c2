package io.loss4j.examples.report;

import io.loss4j.error.LossInputException;
import io.loss4j.examples.plot.ChartStyle;
import java.awt.font.FontRenderContext;

/** Whether this Java can draw text. A slim image of a container often has a JDK and no fonts. */
final class Fonts {
    private static final String HEADLESS = "java.awt.headless";

    private Fonts() {}

    /** Fails with L4J-D71 if it cannot. */
    static void require() {
        if (System.getProperty(HEADLESS) == null) {
            System.setProperty(HEADLESS, "true"); // nothing is shown on a screen, which may not even be there
        }
        require(() -> ChartStyle.font(Figure.FONT).getStringBounds("0", new FontRenderContext(null, true, true)));
    }

    static void require(Runnable measuring) {
        try {
            measuring.run();
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new LossInputException(
                    "L4J-D71",
                    "the report",
                    "this Java finds no fonts, without which no figure can be drawn: " + e,
                    "install a font and fontconfig, for example the packages fontconfig and fonts-dejavu-core of Debian");
        }
    }
}
