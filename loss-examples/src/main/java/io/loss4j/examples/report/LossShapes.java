package io.loss4j.examples.report;

import io.loss4j.LossFunction;
import io.loss4j.examples.comparison.Comparison;
import io.loss4j.examples.plot.ChartStyle;
import io.loss4j.examples.plot.LossPlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jfree.chart.axis.NumberAxis;

/** What the losses of the candidates ask of a row, by how well it is already told from the other classes. */
final class LossShapes {
    static final String TEXT =
            "Against the margin, the logit of the true class minus the others: for a row of the rarest"
                    + " and one of the most frequent class. Candidates that change the rows or the decision, not the loss, have the"
                    + " line of plain training; one line then lies on the others. A line that leaves the picture goes on as it is.";

    private static final int HEIGHT = 320;
    private static final double STEEP = 4;

    private LossShapes() {}

    static List<Figure> of(Comparison comparison, Looks looks, Map<String, LossFunction> losses) {
        Looks drawn = looks.only(losses.keySet());
        long[] counts = comparison.counts();
        int rarest = 0;
        int commonest = 0;
        for (int k = 0; k < counts.length; k++) {
            rarest = counts[k] <= counts[rarest] ? k : rarest;
            commonest = counts[k] > counts[commonest] ? k : commonest;
        }
        List<Figure> figures = new ArrayList<>();
        for (int k : new int[] {rarest, commonest}) {
            Map<String, LossPlot> plots = new LinkedHashMap<>();
            for (Look look : drawn.all()) {
                LossFunction loss = Objects.requireNonNull(losses.get(look.id()), look.id());
                plots.put(look.id(), LossPlot.margin(loss, counts.length, k));
            }
            String rare = k == rarest ? "rarest" : "most-frequent";
            String whose = "a row of " + Labels.printable(comparison.classes().get(k));
            figures.add(figure(drawn, plots, "loss", rare, whose));
            figures.add(figure(drawn, plots, "gradient", rare, whose));
        }
        return figures;
    }

    private static Figure figure(Looks looks, Map<String, LossPlot> plots, String curve, String id, String whose) {
        StringJoiner words = new StringJoiner("; ");
        List<Double> extremes = new ArrayList<>();
        LineChart lines = LineChart.of(looks, false, look -> {
            LossPlot plot = Objects.requireNonNull(plots.get(look.id()), look.id());
            double[] values = Objects.requireNonNull(plot.curves().get(curve), curve);
            extremes.add(Arrays.stream(values)
                    .boxed()
                    .max(Comparator.comparingDouble(Math::abs))
                    .orElse(0.0));
            words.add(look.title() + " " + Labels.three(values[0]) + ", " + Labels.three(values[values.length / 2])
                    + " and " + Labels.three(values[values.length - 1]));
            return new double[][] {plot.x(), values};
        });
        String title = (curve.equals("loss") ? "Loss of " : "Gradient of ") + whose;
        return new Figure(
                curve + "-" + id,
                title,
                "The " + id.replace('-', ' ') + " class." + looks.aboutGrey(),
                title + " at margins of \u22126, 0 and 6: " + words + ".",
                Figure.picture(
                        lines.plot(
                                ChartStyle.axis("margin, in logits"),
                                axis(curve.equals("loss") ? "loss" : "gradient by the logit of the class", extremes)),
                        true,
                        HEIGHT + lines.legendHeight()));
    }

    /** As far as most losses go: those of scaled logits, such as LDAM, are many times as steep and hide the others. */
    private static NumberAxis axis(String label, List<Double> extremes) {
        double usual = extremes.stream()
                .map(Math::abs)
                .sorted()
                .skip(extremes.size() / 2)
                .findFirst()
                .orElse(1.0);
        double end = extremes.stream()
                .filter(extreme -> Math.abs(extreme) <= STEEP * usual)
                .max(Comparator.comparingDouble(Math::abs))
                .orElse(1.0);
        NumberAxis axis = ChartStyle.axis(label);
        if (end != 0) {
            axis.setRange(Math.min(1.1 * end, -0.05 * end), Math.max(1.1 * end, -0.05 * end));
        }
        return axis;
    }
}
