package io.loss4j.examples.pages;

import io.loss4j.examples.plot.LossChart;
import io.loss4j.examples.plot.LossPlot;
import io.loss4j.examples.plot.Picture;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A plot as SVG. Fonts, and so the bytes of the file, differ between machines; so it ends in a comment with a sample of
 * the plotted numbers, by which a stale file is found out.
 */
final class PlotFile {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 300;
    private static final int STEP = 10;
    private static final String OPEN = "<!-- plotted: ";
    private static final String CLOSE = " -->";

    private PlotFile() {}

    static String svg(LossPlot plot) throws IOException {
        String svg = new Picture(LossChart.of(plot), WIDTH, HEIGHT).svg();
        return svg + "\n" + OPEN + numbers(plot) + CLOSE + "\n";
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
