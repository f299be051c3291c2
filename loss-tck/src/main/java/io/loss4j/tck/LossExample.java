package io.loss4j.tck;

import io.loss4j.loss.Activation;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeighedRowLoss;
import java.util.function.IntFunction;

/**
 * A loss to test, with the numbers that it is made for.
 *
 * @param name how reports call it
 * @param spec the loss for a number of columns, which matters where parameters are given per column
 * @param predictions from where predictions are drawn
 * @param labels from where labels are drawn, unless they are classes
 * @param mostColumns how many columns it can take
 */
public record LossExample(String name, IntFunction<LossSpec> spec, Range predictions, Range labels, int mostColumns) {
    /** A loss whose parameters fit any number of columns, with the ranges that its shape suggests. */
    public static LossExample of(LossSpec spec) {
        return of(spec.type().values(spec).isEmpty() ? spec.id() : spec.toString(), columns -> spec);
    }

    /** A loss with parameters per column. */
    public static LossExample of(String name, IntFunction<LossSpec> spec) {
        LossSpec sample = spec.apply(2);
        return new LossExample(name, spec, predictionsOf(sample), labelsOf(sample), Integer.MAX_VALUE);
    }

    /** The same with other predictions. */
    public LossExample withPredictions(Range range) {
        return new LossExample(name, spec, range, labels, mostColumns);
    }

    /** The same with other labels. */
    public LossExample withLabels(Range range) {
        return new LossExample(name, spec, predictions, range, mostColumns);
    }

    /** The same for few columns only. */
    public LossExample withAtMostColumns(int columns) {
        return new LossExample(name, spec, predictions, labels, columns);
    }

    /** A loss as one of the four shapes, which its parameters may decide. */
    static Scaled shaped(LossSpec spec, int columns) {
        LossSpec formula = spec.formula(columns);
        return formula instanceof Scaled scaled ? scaled : new Scaled(1, formula);
    }

    /** The shape alone, which is the same for all numbers of columns. */
    static LossSpec shape(LossSpec spec) {
        return shaped(spec, 1).loss();
    }

    static Range predictionsOf(LossSpec spec) {
        LossSpec shape = shape(spec);
        boolean formed = shape instanceof SoftmaxLoss
                || shape instanceof BinaryLoss
                || shape instanceof BatchLoss
                || shape instanceof RowLoss;
        InputForm form = shape.input();
        return formed && form != null ? rangeOf(form) : Range.REALS;
    }

    static Range labelsOf(LossSpec spec) {
        return isClassification(spec) ? Range.PROBABILITIES : Range.REALS;
    }

    private static Range rangeOf(InputForm form) {
        return switch (form) {
            case LOGITS -> Range.REALS;
            case PROBABILITIES -> Range.PROBABILITIES;
            case LOG_PROBABILITIES -> Range.LOG_PROBABILITIES;
        };
    }

    /** Whether labels are 0 to 1 per column. */
    static boolean isClassification(LossSpec spec) {
        return takesClasses(spec) || shape(spec) instanceof BinaryLoss || isBatch(spec);
    }

    /** Whether every label is smoothed towards one half by itself, and not towards the mean of its row. */
    static boolean isSmoothedByElement(LossSpec spec, int columns) {
        if (isBatch(spec) || weighsElements(spec)) {
            return !takesClasses(spec) || columns == 1 || spec.activation() == Activation.SIGMOID;
        }
        return shape(spec) instanceof BinaryLoss;
    }

    /** Whether a label may be the index of a class. */
    static boolean takesClasses(LossSpec spec) {
        LossSpec shape = shape(spec);
        return shape instanceof SoftmaxLoss
                || shape instanceof RowLoss row && row.classification()
                || shape instanceof BatchLoss batch && batch.classification();
    }

    static boolean isElementwise(LossSpec spec) {
        return shape(spec) instanceof ElementwiseLoss;
    }

    static boolean isRow(LossSpec spec) {
        return shape(spec) instanceof RowLoss;
    }

    /** Whether weights are those of elements of a row, not of its targets. */
    static boolean weighsElements(LossSpec spec) {
        return shape(spec) instanceof WeighedRowLoss;
    }

    static boolean isBatch(LossSpec spec) {
        return shape(spec) instanceof BatchLoss;
    }

    /** A number of columns near the wanted one that the loss can take. */
    int columnsNear(int wanted) {
        return Math.min(wanted, mostColumns);
    }

    @Override
    public String toString() {
        return name;
    }
}
