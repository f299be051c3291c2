package io.loss4j.loss;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One minus the F-measure of a batch, with counts made soft by the probabilities:
 *
 * <pre>
 *   value = 1 - F      F = (1 + b^2) tp / ((1 + b^2) tp + b^2 fn + fp)      b = beta
 *   d/dp  = w [y (F - 1) (1 + b^2) - y b^2 F + (1 - y) F] / D               D the denominator
 *
 *   one column:   tp = sum w y p      fp = sum w (1 - y) p    fn = sum w y (1 - p)
 *   two columns:  tp = sum w1 y1 p1   fp = sum w0 y0 p1       fn = sum w1 y1 p0      column 1 is "positive"
 * </pre>
 *
 * <p>A loss of the whole batch: it has no value per row (L4J-P07) and cannot be added up over batches. beta above 1 favours
 * recall. Along the axis batch more than two columns are refused; along class every column has an F-measure of its own and
 * the value is their mean, weighted by class weights; along row every row has one, and there is a term per row. Where the
 * denominator is 0 (no positive labels, none predicted, or all weights 0) value and gradient are 0. Without positive
 * labels, but some predicted, the value is 1 and its gradient 0: use batches that hold positives. With two columns the
 * gradient has a part in each column; through a softmax it becomes that of one.
 *
 * <p>Use it where F1 or another F-measure is what is reported and positives are rare.
 *
 * <p>Elsewhere: Deeplearning4j {@code LossFMeasure}, soft F1 or macro soft F1 (axis class) in papers and recipes. With
 * beta = 1 it is {@link Dice} without smoothing.
 *
 * <p>Example: p = (0.8, 0.4), y = (1, 0), beta = 1: 1 - 1.6 / 2.2 = 0.272727.
 *
 * <p>Source: Pastor-Pellicer et al., F-Measure as the Error Function to Train Neural Networks, 2013.
 *
 * @param beta weight of recall against precision, above 0; default 1
 * @param axis what the sums go over; default batch
 * @param input logits or probabilities; default probabilities
 * @param activation what makes probabilities of logits: sigmoid or softmax; any for probabilities (default)
 */
public record FMeasure(double beta, OverlapAxis axis, InputForm input, Activation activation) implements BatchLoss {
    private static final String ID = "f_measure";

    /** As registered: {@code f_measure}. */
    public static final LossType<FMeasure> TYPE = LossType.of(
            FMeasure.class,
            ID,
            Map.of(
                    "beta", 1.0,
                    "axis", OverlapAxis.BATCH,
                    "input", InputForm.PROBABILITIES,
                    "activation", Activation.ANY));

    /** Checks the ranges. */
    public FMeasure {
        Check.above(0, ID, "beta", beta);
        Check.probabilities(ID, input, activation);
    }

    /** Of probabilities, over the whole batch. */
    public FMeasure(double beta) {
        this(beta, OverlapAxis.BATCH, InputForm.PROBABILITIES, Activation.ANY);
    }

    /** With beta = 1. */
    public FMeasure() {
        this(1);
    }

    @Override
    public LossSpec formula(int columns) {
        if (axis == OverlapAxis.BATCH) {
            return input == InputForm.LOGITS
                    ? new OverLogits(new FMeasure(beta, axis, InputForm.PROBABILITIES, activation))
                    : this;
        }
        return Overlap.ofProbabilities(axis, this, AbsentClasses.COUNT, new CountedLoss(SoftCounts.PRODUCT, ratio()));
    }

    @Override
    public @Nullable LossSpec overLogits(Activation wanted) {
        return Overlap.twin(this, wanted, a -> new FMeasure(beta, axis, InputForm.LOGITS, a));
    }

    /** Of probabilities over the whole batch, whatever the form of predictions and the axis: those are in the formula. */
    @Override
    public double evaluate(
            int rows, int columns, double[] predictions, double[] labels, double[] weights, double[] gradient) {
        int last = last(columns);
        Arrays.fill(gradient, 0);
        double truePositive = 0;
        double falsePositive = 0;
        double falseNegative = 0;
        for (int at = 0; at < rows * columns; at += columns) {
            double p = predictions[at + last];
            double positive = positive(labels, weights, at, last);
            truePositive += Probability.weighted(positive, p);
            falsePositive += Probability.weighted(negative(labels, weights, at, last), p);
            falseNegative += Probability.weighted(positive, last == 0 ? 1 - p : predictions[at]);
        }
        double squared = beta * beta;
        double numerator = (1 + squared) * truePositive;
        double denominator = numerator + squared * falseNegative + falsePositive;
        if (denominator == 0) {
            return 0;
        }
        // F = a / d, so the derivatives of 1 - F are (a d' - a' d) / d^2
        double f = numerator / denominator;
        for (int at = 0; at < rows * columns; at += columns) {
            double positive = positive(labels, weights, at, last);
            double negative = negative(labels, weights, at, last);
            double byTruePositive = (1 + squared) * positive * (f - 1) + f * negative;
            double byFalseNegative = f * squared * positive;
            if (last == 0) {
                gradient[at] = (byTruePositive - byFalseNegative) / denominator;
            } else {
                gradient[at] = byFalseNegative / denominator;
                gradient[at + 1] = byTruePositive / denominator;
            }
        }
        return 1 - f;
    }

    /** The column of the yes. */
    private static int last(int columns) {
        if (columns > 2) {
            throw new LossInputException(
                    "L4J-S04",
                    ID,
                    "predictions have " + columns + " columns, expected 1 or 2 (shapes: predictions [N, " + columns
                            + "])",
                    "use one sigmoid output or two softmax outputs");
        }
        return columns - 1;
    }

    private static double positive(double[] labels, double[] weights, int at, int last) {
        return Probability.weighted(weights[at + last], labels[at + last]);
    }

    private static double negative(double[] labels, double[] weights, int at, int last) {
        return Probability.weighted(weights[at], last == 0 ? 1 - labels[at] : labels[at]);
    }

    @Override
    public SoftCountLoss counted() {
        return new Counted();
    }

    /** The same from the counts of one column, or of two against each other. */
    private final class Counted implements SoftCountLoss {
        @Override
        public SoftCounts counts() {
            return SoftCounts.PRODUCT;
        }

        @Override
        public boolean paired() {
            return true;
        }

        @Override
        public double evaluate(SoftCountTable table, double[] classWeights) {
            int last = last(table.columns());
            double yes = classWeights[last];
            double no = classWeights[0];
            Confusion c = table.confusion(last);
            double missed = last == 0 ? c.falseNegative() : table.confusion(0).truePositive();
            Confusion.Cost cost =
                    ratio().cost(new Confusion(yes * c.truePositive(), no * c.falsePositive(), yes * missed, 0));
            if (last == 0) {
                table.slopes(0, yes, cost);
            } else {
                table.slopes(0, yes, new Confusion.Cost(cost.value(), cost.byFalseNegative(), 0, 0, 0));
                table.slopes(
                        1,
                        1,
                        new Confusion.Cost(
                                cost.value(), yes * cost.byTruePositive(), no * cost.byFalsePositive(), 0, 0));
            }
            return cost.value();
        }
    }

    private OverlapRatio ratio() {
        return new OverlapRatio(1 + beta * beta, 1, beta * beta, 0, 0);
    }

    /** Of two classes, if they come out of a softmax. */
    @Override
    public boolean classification() {
        return activation == Activation.SOFTMAX;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
