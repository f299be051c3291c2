package io.loss4j.examples.plot;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.loss.Activation;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeightedSum;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A loss and its gradient along one line through the space of its predictions.
 *
 * @param axis what the line is, for the x-axis
 * @param x where on the line
 * @param curves values by name: {@code loss} and {@code gradient}, of each label if it matters
 */
public record LossPlot(String axis, double[] x, Map<String, double[]> curves) {
    private static final int POINTS = 121;

    /** The predictions at a place on the line. */
    private interface Line {
        double[] predictions(double at);
    }

    /** Elementwise losses that are not made for any two numbers: the label, and the predictions from and to. */
    private static final Map<String, double[]> DOMAINS = Map.ofEntries(
            Map.entry("poisson_nll", new double[] {2, -2, 2}),
            Map.entry("gamma_nll", new double[] {2, -1, 3}),
            Map.entry("tweedie", new double[] {2, -2, 3}),
            Map.entry("mean_absolute_percentage_error", new double[] {2, 0, 6}),
            Map.entry("mean_squared_logarithmic_error", new double[] {2, 0, 6}),
            Map.entry("js_divergence", new double[] {0.5, 0.01, 0.99}),
            Map.entry("hinge", new double[] {1, -3, 3}),
            Map.entry("squared_hinge", new double[] {1, -3, 3}),
            Map.entry("soft_margin", new double[] {1, -3, 3}),
            Map.entry("perceptron", new double[] {1, -3, 3}),
            Map.entry("wasserstein", new double[] {1, -3, 3}));

    /** Samples a loss along the line that shows it best. */
    public static LossPlot of(LossSpec declared) {
        LossSpec shape = WeightedSum.parts(declared).get(0).loss().formula(3);
        shape = shape instanceof Scaled scaled ? scaled.loss() : shape;
        if (shape instanceof BinaryLoss) {
            return binary(declared);
        } else if (shape instanceof ElementwiseLoss) {
            return elementwise(declared);
        } else if (shape instanceof SoftmaxLoss || declared.activation() == Activation.SOFTMAX) {
            return shape instanceof BatchLoss ? overlap(declared) : margin(declared);
        } else if (shape instanceof RowLoss row && row.classification()) {
            return declared.input() == InputForm.PROBABILITIES ? overlap(declared) : margin(declared);
        }
        return shape instanceof BatchLoss ? overlap(declared) : regression(declared, (RowLoss) shape);
    }

    /**
     * A loss as it treats the rows of one class: its value and its gradient by the logit of that class, along the margin
     * by which this logit is ahead of all others.
     *
     * @param loss takes logits of classes that exclude each other
     * @param classes how many
     * @param label the true class
     */
    public static LossPlot margin(LossFunction loss, int classes, int label) {
        double[] labels = new double[classes];
        labels[label] = 1;
        Line line = at -> {
            double[] logits = new double[classes];
            logits[label] = at;
            return logits;
        };
        LossFunction sum = loss.withReduction(Reduction.SUM);
        return sample(
                "margin: logit of the true class minus the others",
                -6,
                6,
                List.of(new Case("", sum, line, labels, false, label)));
    }

    /** The logit of the true class ahead of two others, or its probability. */
    private static LossPlot margin(LossSpec spec) {
        double[] label = {1, 0, 0};
        if (spec.input() == InputForm.PROBABILITIES) {
            Line probability = at -> new double[] {at, (1 - at) / 2, (1 - at) / 2};
            return sample("probability of the true class", 0.05, 0.95, List.of(new Case("", spec, probability, label)));
        }
        boolean log = spec.input() == InputForm.LOG_PROBABILITIES;
        Line line = at -> log ? logSoftmax(at, 0, 0) : new double[] {at, 0, 0};
        return sample(
                "margin: logit of the true class minus those of two others",
                -6,
                6,
                List.of(new Case("", spec, line, label)));
    }

    private static double[] logSoftmax(double... z) {
        double logSum = Math.log(Arrays.stream(z).map(Math::exp).sum());
        return Arrays.stream(z).map(value -> value - logSum).toArray();
    }

    private static LossPlot binary(LossSpec spec) {
        boolean logits = spec.input() == InputForm.LOGITS;
        Line line = at -> new double[] {at};
        return sample(
                logits ? "logit" : "probability of yes",
                logits ? -6 : 0.05,
                logits ? 6 : 0.95,
                List.of(
                        new Case(", label yes", spec, line, new double[] {1}),
                        new Case(", label no", spec, line, new double[] {0})));
    }

    private static LossPlot elementwise(LossSpec spec) {
        double[] domain = spec.input() == null ? new double[] {0, -4, 4} : new double[] {0.5, 0.02, 0.98};
        domain = DOMAINS.getOrDefault(spec.id(), domain);
        double label = domain[0];
        boolean log = spec.input() == InputForm.LOG_PROBABILITIES;
        return sample(
                "prediction, where the label is "
                        + String.format(Locale.ROOT, "%.3g", label).replaceAll("\\.?0+$", ""),
                domain[1],
                domain[2],
                List.of(new Case("", spec, at -> new double[] {log ? Math.log(at) : at}, new double[] {label})));
    }

    /** Two positions with and two without the label, all predicted equally well. */
    private static LossPlot overlap(LossSpec spec) {
        boolean logits = spec.input() != InputForm.PROBABILITIES;
        boolean column = spec.activation() != Activation.SOFTMAX && spec.formula(1) instanceof BatchLoss;
        Line line = column
                ? at -> new double[] {at, at, wrong(at, logits), wrong(at, logits)}
                : at -> new double[] {at, wrong(at, logits)};
        return sample(
                logits ? "logit of what is right; its negative elsewhere" : "probability of what is right",
                logits ? -6 : 0.02,
                logits ? 6 : 0.98,
                List.of(new Case("", spec, line, column ? new double[] {1, 1, 0, 0} : new double[] {1, 0}, column)));
    }

    private static double wrong(double right, boolean logit) {
        return logit ? -right : 1 - right;
    }

    private static LossPlot regression(LossSpec spec, RowLoss shape) {
        if (spec.id().equals("cosine_proximity")) {
            Line circle = at -> new double[] {Math.cos(Math.toRadians(at)), Math.sin(Math.toRadians(at))};
            return sample(
                    "angle to the label, degrees; gradient by the second coordinate",
                    -180,
                    180,
                    List.of(new Case("", spec, circle, new double[] {1, 0}, false, 1)));
        }
        int columns = 2;
        while (columns < 12 && labels(shape, columns) != 1) {
            columns++;
        }
        int width = columns;
        int mean = spec.id().equals("mixture_density") ? width - 1 : 0;
        Line line = at -> {
            double[] x = new double[width];
            x[mean] = at;
            return x;
        };
        return sample(
                "predicted mean, where the label is 0",
                -4,
                4,
                List.of(new Case("", spec, line, new double[] {0}, false, mean)));
    }

    private static int labels(RowLoss shape, int columns) {
        try {
            return shape.labelColumns(columns);
        } catch (IllegalArgumentException notSoMany) {
            return 0;
        }
    }

    /** One curve of values and one of gradients; stacked: predictions are rows of one column. */
    private record Case(String name, LossFunction loss, Line line, double[] labels, boolean stacked, int shown) {
        Case(String name, LossSpec spec, Line line, double[] labels) {
            this(name, spec, line, labels, false);
        }

        Case(String name, LossSpec spec, Line line, double[] labels, boolean stacked) {
            this(name, spec, line, labels, stacked, 0);
        }

        Case(String name, LossSpec spec, Line line, double[] labels, boolean stacked, int shown) {
            this(name, LossFunction.of(spec).withReduction(Reduction.SUM), line, labels, stacked, shown);
        }

        LossResult at(double at) {
            double[] x = line.predictions(at);
            int rows = stacked ? x.length : 1;
            return loss.valueAndGradient(
                    Nd4j.createFromArray(x).reshape(rows, x.length / rows),
                    Nd4j.createFromArray(labels).reshape(rows, labels.length / rows));
        }
    }

    private static LossPlot sample(String axis, double from, double to, List<Case> cases) {
        double[] x = new double[POINTS];
        Map<String, double[]> curves = new LinkedHashMap<>();
        for (Case c : cases) {
            double[] values = new double[POINTS];
            double[] gradients = new double[POINTS];
            for (int i = 0; i < POINTS; i++) {
                x[i] = from + (to - from) * i / (POINTS - 1);
                LossResult result = c.at(x[i]);
                values[i] = result.value();
                gradients[i] = result.gradient().castTo(DataType.DOUBLE).getDouble(c.shown);
            }
            curves.put("loss" + c.name, values);
            curves.put("gradient" + c.name, gradients);
        }
        return new LossPlot(axis, x, curves);
    }
}
