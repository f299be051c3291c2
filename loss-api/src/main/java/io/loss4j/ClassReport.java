package io.loss4j;

import io.loss4j.backend.ClassTotals;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Activation;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeightedSum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a loss is spread over the classes: which of them cost, and which are predicted. From
 * {@link LossFunction#diagnose}, in the same pass as value and gradient.
 *
 * <p>Classes that exclude each other (softmax and row losses) have one line each, for the rows of that label. A soft
 * label t counts t_k for class k, and the term of its row is divided in the proportion of t_k times class weight and
 * mask. Outputs that are yes or no (sigmoid losses) have two lines each, for the labels 0 and 1; a soft label y counts y
 * for "yes" and 1 - y for "no".
 *
 * <p>Rows and elements that are masked, ignored or of weight 0 do not count. Labels count as they were given, before
 * smoothing. Probabilities are what the predictions say as they were given, so a change that the loss makes to its
 * logits (priors, margins) is not in them. The predicted class is the most probable one, the first of equals; "yes" is
 * predicted above 0.5.
 *
 * <p>The losses of all lines add up to the loss under {@link Reduction#SUM} (a row without any label, which a z-loss may
 * charge, belongs to no class), and the weights to what {@link Reduction#WEIGHTED_MEAN} divides by. All numbers are
 * sums, so reports of several batches are merged without loss.
 *
 * <p>Example: z = [[1, 2, 3], [0.5, -1, 0.2]], y = [0, 2]: class 0 has the loss 2.407606 and the mean probability
 * 0.090031, class 2 0.974957 and 0.377208, neither is predicted.
 *
 * @param lines one per class; or "no" and "yes" of each output in turn
 * @param yesNo whether every output is a yes or no of its own
 */
public record ClassReport(List<Line> lines, boolean yesNo) {
    private static final int SHOWN_LINES = 32;

    /** Copies the list. */
    public ClassReport {
        lines = List.copyOf(lines);
    }

    /**
     * The rows or elements of one label.
     *
     * @param count how many there are
     * @param weightSum sum of their weights: class weight times mask
     * @param lossSum sum of their weighted terms
     * @param probabilitySum sum of the probabilities given to the label
     * @param right how many were predicted
     */
    public record Line(double count, double weightSum, double lossSum, double probabilitySum, double right) {
        /** Loss by weight; NaN if there is nothing. */
        public double meanLoss() {
            return lossSum / weightSum;
        }

        /** Mean probability given to the label; NaN if there is nothing. */
        public double meanProbability() {
            return probabilitySum / count;
        }

        /** Part of them that was predicted, from 0 to 1; NaN if there is nothing. */
        public double accuracy() {
            return right / count;
        }

        private Line plus(Line that) {
            return new Line(
                    count + that.count,
                    weightSum + that.weightSum,
                    lossSum + that.lossSum,
                    probabilitySum + that.probabilitySum,
                    right + that.right);
        }
    }

    static ClassReport of(ClassTotals totals, boolean yesNo) {
        List<Line> lines = IntStream.range(0, totals.groups())
                .mapToObj(g -> new Line(
                        totals.count(g), totals.weight(g), totals.loss(g), totals.probability(g), totals.right(g)))
                .toList();
        return new ClassReport(lines, yesNo);
    }

    /**
     * Refuses losses that know no classes.
     *
     * @throws LossInputException L4J-P08 unless the loss, or every loss of a sum, is a softmax loss, a sigmoid loss, or a
     *     row loss behind a softmax
     */
    public static void check(LossSpec loss) {
        for (Scaled part : WeightedSum.parts(loss)) {
            LossSpec shape = BoundLoss.shape(part);
            if (!(shape instanceof SoftmaxLoss
                    || isYesNo(shape)
                    || shape instanceof RowLoss row
                            && row.classification()
                            && row.input() != null
                            && row.activation() == Activation.SOFTMAX)) {
                throw new LossInputException(
                        "L4J-P08",
                        shape.id(),
                        "has no probabilities of classes by row or output to report, expected a softmax or sigmoid loss",
                        "ask for valueAndGradient");
            }
        }
    }

    static boolean isYesNo(LossSpec shape) {
        return shape instanceof BinaryLoss && shape.activation() == Activation.SIGMOID;
    }

    /** A class; of outputs that are yes or no, the two lines of an output together. */
    public Line of(int column) {
        return yesNo ? no(column).plus(yes(column)) : lines.get(column);
    }

    /** The elements of an output whose label is 0. */
    public Line no(int column) {
        return lines.get(2 * requireYesNo(column));
    }

    /** The elements of an output whose label is 1. */
    public Line yes(int column) {
        return lines.get(2 * requireYesNo(column) + 1);
    }

    private int requireYesNo(int column) {
        if (!yesNo) {
            throw new LossInputException(
                    "L4J-P09",
                    "class report",
                    "its classes exclude each other, so there is no yes and no",
                    "use of(k)");
        }
        return column;
    }

    /** Everything together. */
    public Line all() {
        return lines.stream().reduce(new Line(0, 0, 0, 0, 0), Line::plus);
    }

    /**
     * This report and one of other data.
     *
     * @throws LossInputException L4J-P09 if it is of other classes
     */
    public ClassReport merge(ClassReport other) {
        if (yesNo != other.yesNo || lines.size() != other.lines.size()) {
            throw new LossInputException(
                    "L4J-P09",
                    "class report",
                    describe() + " cannot be merged with " + other.describe() + " (shapes: lines [" + lines.size()
                            + "] and [" + other.lines.size() + "])",
                    "merge reports of the same network output");
        }
        return new ClassReport(
                IntStream.range(0, lines.size())
                        .mapToObj(i -> lines.get(i).plus(other.lines.get(i)))
                        .toList(),
                yesNo);
    }

    private String describe() {
        return yesNo ? lines.size() / 2 + " outputs of yes or no" : lines.size() + " classes";
    }

    /** A table with the numbers of the classes; of many classes those that cost most. */
    @Override
    public String toString() {
        return table(List.of());
    }

    /**
     * The same with names.
     *
     * @param names of the classes or outputs; beyond them numbers are shown
     */
    public String table(List<String> names) {
        List<Integer> shown = IntStream.range(0, lines.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -lines.get(i).lossSum()))
                .limit(SHOWN_LINES)
                .sorted()
                .toList();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"class", "count", "weight", "loss", "mean loss", "mean prob.", "accuracy"});
        shown.forEach(i -> rows.add(cells(label(i, names), lines.get(i))));
        if (shown.size() < lines.size()) {
            rows.add(new String[] {(lines.size() - shown.size()) + " more", "", "", "", "", "", ""});
        }
        rows.add(cells("all", all()));
        int width = rows.stream().mapToInt(cells -> cells[0].length()).max().orElse(0);
        String format = "%-" + width + "s %11s %11s %11s %11s %11s %11s";
        return rows.stream()
                .map(cells -> String.format(format, (Object[]) cells))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private String label(int line, List<String> names) {
        int column = yesNo ? line / 2 : line;
        String name = column < names.size() ? names.get(column) : Integer.toString(column);
        return yesNo ? name + (line % 2 == 0 ? " no" : " yes") : name;
    }

    private static String[] cells(String label, Line line) {
        return new String[] {
            label,
            number(line.count()),
            number(line.weightSum()),
            number(line.lossSum()),
            number(line.meanLoss()),
            number(line.meanProbability()),
            number(line.accuracy())
        };
    }

    private static String number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
        return Double.isNaN(value)
                ? "-"
                : whole ? Long.toString((long) value) : String.format(Locale.ROOT, "%.5g", value);
    }
}
