package io.loss4j.examples.report;

import io.loss4j.examples.comparison.Fit;
import io.loss4j.examples.plot.ChartStyle;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jfree.chart.axis.NumberAxis;

/** How training went, epoch by epoch, as means over the fits. */
final class TrainingCurves {
    private static final int HEIGHT = 340;

    private TrainingCurves() {}

    static List<Figure> of(Looks looks) {
        return List.of(
                figure(
                        looks,
                        "training-accuracy",
                        "Balanced accuracy while it trains",
                        "balanced accuracy of the tested rows",
                        "Of the tested rows, the most probable class being answered; a candidate that answers by a rule of"
                                + " its own may do better than its curve.",
                        Fit::balancedAccuracy,
                        false),
                figure(
                        looks,
                        "training-loss",
                        "Loss while it trains",
                        "training loss, part of that of epoch 1",
                        "Losses have scales of their own; each is divided by its value in the first epoch.",
                        Fit::trainingLoss,
                        true));
    }

    private static Figure figure(
            Looks looks,
            String id,
            String title,
            String axis,
            String caption,
            Function<Fit, double[]> values,
            boolean relative) {
        StringJoiner words = new StringJoiner("; ");
        LineChart lines = LineChart.of(looks, false, look -> {
            double[] mean = mean(look.result().fits(), values);
            double first = relative && mean.length > 0 ? mean[0] : 1;
            double[] epochs = new double[mean.length];
            for (int i = 0; i < mean.length; i++) {
                epochs[i] = i + 1;
                mean[i] /= first;
            }
            if (mean.length > 0) {
                words.add(look.title() + " from " + Labels.three(mean[0]) + " to "
                        + Labels.three(mean[mean.length - 1]) + " in " + mean.length
                        + (mean.length == 1 ? " epoch" : " epochs"));
            }
            return new double[][] {epochs, mean};
        });
        NumberAxis epochs = ChartStyle.axis("epoch");
        epochs.setStandardTickUnits(NumberAxis.createIntegerTickUnits());
        return new Figure(
                id,
                title,
                caption + looks.aboutGrey(),
                "Curves of the " + axis + ": " + words + ".",
                Figure.picture(lines.plot(epochs, ChartStyle.axis(axis)), true, HEIGHT + lines.legendHeight()));
    }

    /** Epoch by epoch, over as many epochs as every fit has. */
    private static double[] mean(List<Fit> fits, Function<Fit, double[]> values) {
        int epochs =
                fits.stream().mapToInt(fit -> values.apply(fit).length).min().orElse(0);
        double[] mean = new double[epochs];
        for (Fit fit : fits) {
            double[] one = values.apply(fit);
            for (int i = 0; i < epochs; i++) {
                mean[i] += one[i] / fits.size();
            }
        }
        return mean;
    }
}
