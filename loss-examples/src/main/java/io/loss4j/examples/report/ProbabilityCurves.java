package io.loss4j.examples.report;

import io.loss4j.dl4j.metric.Predictions;
import io.loss4j.dl4j.metric.Ranking;
import io.loss4j.dl4j.metric.Reliability;
import io.loss4j.examples.comparison.Comparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How well the probabilities of candidates rank the rows, whatever the threshold, and whether they mean what they say:
 * precision against recall, the ROC curve, and the reliability diagram. Of two classes they are those of the rarer one.
 */
final class ProbabilityCurves {
    private static final int HEIGHT = 340;
    private static final int STEPS = 200;
    private static final int BINS = 10;
    private static final String GUESSING = " The dotted line is what guessing gives.";

    private final Comparison comparison;
    private final Looks looks;
    private final int[] classes;
    private final Map<String, Curves> curves = new LinkedHashMap<>();

    /** Of one candidate; where there are more than two classes, the means over each class against the rest. */
    private record Curves(
            double[][] precision, double averagePrecision, double[][] roc, double rocArea, Reliability reliability) {}

    private ProbabilityCurves(Comparison comparison, Looks looks) {
        this.comparison = comparison;
        this.looks = looks;
        long[] counts = comparison.counts();
        classes = counts.length == 2
                ? new int[] {counts[1] <= counts[0] ? 1 : 0}
                : IntStream.range(0, counts.length).filter(k -> counts[k] > 0).toArray();
        for (Look look : looks.all()) {
            curves.put(look.id(), curves(TestedRows.probabilities(comparison, look.result())));
        }
    }

    static List<Figure> of(Comparison comparison, Looks looks) {
        ProbabilityCurves curves = new ProbabilityCurves(comparison, looks);
        return List.of(curves.precisionRecall(), curves.roc(), curves.reliability());
    }

    private Curves curves(Predictions predictions) {
        List<Ranking> rankings = new ArrayList<>();
        for (int k : classes) {
            rankings.add(Ranking.of(predictions, k));
        }
        return new Curves(
                mean(rankings, ProbabilityCurves::precisions),
                rankings.stream()
                        .mapToDouble(Ranking::averagePrecision)
                        .average()
                        .orElse(Double.NaN),
                mean(rankings, ProbabilityCurves::recalls),
                rankings.stream().mapToDouble(Ranking::rocArea).average().orElse(Double.NaN),
                two() ? Reliability.ofClass(predictions, classes[0], BINS) : Reliability.of(predictions, BINS));
    }

    private boolean two() {
        return comparison.classes().size() == 2;
    }

    private static double[][] mean(List<Ranking> rankings, Function<Ranking, double[]> sampled) {
        double[][] points = new double[2][STEPS + 1];
        Arrays.setAll(points[0], i -> (double) i / STEPS);
        for (Ranking ranking : rankings) {
            double[] y = sampled.apply(ranking);
            for (int i = 0; i <= STEPS; i++) {
                points[1][i] += y[i] / rankings.size();
            }
        }
        return points;
    }

    /** At even recalls: a precision holds for the recalls since the step before. */
    private static double[] precisions(Ranking ranking) {
        double[] y = new double[STEPS + 1];
        int i = 0;
        for (Ranking.Step step : ranking.steps()) {
            while (i <= STEPS && (double) i / STEPS <= step.recall()) {
                y[i++] = step.precision();
            }
        }
        return y;
    }

    /** At even rates of false positives: straight lines join the steps. */
    private static double[] recalls(Ranking ranking) {
        double[] y = new double[STEPS + 1];
        double rate = 0;
        double recall = 0;
        int i = 0;
        for (Ranking.Step step : ranking.steps()) {
            while (i <= STEPS && (double) i / STEPS < step.falsePositiveRate()) {
                double part = ((double) i / STEPS - rate) / (step.falsePositiveRate() - rate);
                y[i++] = recall + part * (step.recall() - recall);
            }
            rate = step.falsePositiveRate();
            recall = step.recall();
        }
        Arrays.fill(y, i, y.length, 1);
        return y;
    }

    private Figure precisionRecall() {
        long[] counts = comparison.counts();
        double chance = Arrays.stream(classes)
                .mapToDouble(k -> (double) counts[k] / comparison.labels().length)
                .average()
                .orElse(0);
        LineChart lines = LineChart.of(looks, false, look -> of(look).precision());
        lines.reference(0, chance, 1, chance);
        return figure(
                "precision-recall",
                "Precision against recall",
                "Of " + whose() + "." + GUESSING,
                "Curves of precision against recall of " + whose() + ". Average precision: "
                        + words(Curves::averagePrecision),
                lines,
                "recall",
                "precision");
    }

    private Figure roc() {
        LineChart lines = LineChart.of(looks, false, look -> of(look).roc());
        lines.reference(0, 0, 1, 1);
        return figure(
                "roc",
                "ROC curve",
                "Of " + whose() + "." + GUESSING,
                "ROC curves of " + whose() + ". Area under the curve: " + words(Curves::rocArea),
                lines,
                "false positive rate",
                "true positive rate, recall");
    }

    private Figure reliability() {
        LineChart lines = LineChart.of(looks, true, look -> {
            List<Reliability.Bin> bins = of(look).reliability().bins();
            return new double[][] {
                bins.stream().mapToDouble(Reliability.Bin::confidence).toArray(),
                bins.stream().mapToDouble(Reliability.Bin::accuracy).toArray()
            };
        });
        lines.reference(0, 0, 1, 1);
        String of = two() ? "of " + whose() : "of the most probable class";
        return figure(
                "reliability",
                "Reliability of the probabilities",
                "Probabilities " + of
                        + ", in ten bins: on the dotted line they mean what they say, below it they are too" + " high.",
                "Reliability diagram of the probabilities " + of + ". Expected calibration error: "
                        + words(one -> one.reliability().expectedError()),
                lines,
                "mean probability in the bin",
                "part of the rows that " + (two() ? "are of the class" : "are right"));
    }

    private Figure figure(String id, String title, String caption, String words, LineChart lines, String x, String y) {
        return new Figure(
                id,
                title,
                caption + looks.aboutGrey(),
                words + ".",
                Figure.picture(lines.plot(LineChart.unit(x), LineChart.unit(y)), true, HEIGHT + lines.legendHeight()));
    }

    private Curves of(Look look) {
        return Objects.requireNonNull(curves.get(look.id()), look.id());
    }

    private String whose() {
        return two()
                ? "class " + Labels.printable(comparison.classes().get(classes[0])) + ", the rarer one"
                : "each class against the rest, the mean over classes";
    }

    private String words(Function<Curves, Double> number) {
        return looks.all().stream()
                .map(look -> look.title() + " " + Labels.three(number.apply(of(look))))
                .collect(Collectors.joining(", "));
    }
}
