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
import io.loss4j.loss.WeightedSum;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A loss to test, with the numbers that it is made for.
 *
 * @param name how reports call it
 * @param spec the loss for a number of columns, which matters where parameters are given per column
 * @param predictions from where predictions are drawn
 * @param labels from where labels are drawn, unless they are classes
 * @param mostColumns how many columns it can take
 * @param columnStep its columns come in multiples of this
 */
public record LossExample(
        String name, IntFunction<LossSpec> spec, Range predictions, Range labels, int mostColumns, int columnStep) {
    /** A loss whose parameters fit any number of columns, with the ranges that its shape suggests. */
    public static LossExample of(LossSpec spec) {
        return of(spec.type().values(spec).isEmpty() ? spec.id() : spec.toString(), columns -> spec);
    }

    /** A loss with parameters per column. */
    public static LossExample of(String name, IntFunction<LossSpec> spec) {
        LossSpec sample = spec.apply(2);
        return new LossExample(name, spec, predictionsOf(sample), labelsOf(sample), Integer.MAX_VALUE, 1);
    }

    /** The same with other predictions. */
    public LossExample withPredictions(Range range) {
        return new LossExample(name, spec, range, labels, mostColumns, columnStep);
    }

    /** The same with other labels. */
    public LossExample withLabels(Range range) {
        return new LossExample(name, spec, predictions, range, mostColumns, columnStep);
    }

    /** The same for few columns only. */
    public LossExample withAtMostColumns(int columns) {
        return new LossExample(name, spec, predictions, labels, columns, columnStep);
    }

    /** The same for multiples of so many columns. */
    public LossExample withColumnsInStepsOf(int columns) {
        return new LossExample(name, spec, predictions, labels, mostColumns, columns);
    }

    /** The losses that are added up, each as one of the four shapes, which its parameters may decide. */
    static List<Scaled> parts(LossSpec spec, int columns) {
        return WeightedSum.parts(spec).stream()
                .map(part -> {
                    LossSpec formula = part.loss().formula(columns);
                    return formula instanceof Scaled scaled
                            ? new Scaled(part.factor() * scaled.factor(), scaled.loss())
                            : new Scaled(part.factor(), formula);
                })
                .toList();
    }

    /** A loss as one of the four shapes; of a sum, the first. */
    static Scaled shaped(LossSpec spec, int columns) {
        return parts(spec, columns).get(0);
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

    /**
     * Whether every label is a yes or no of its own: smoothed towards one half, and ignored by itself, and not with the
     * others of its row.
     */
    static boolean hasIndependentLabels(LossSpec spec, int columns) {
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

    /** Whether it has no terms, because it or a part of it looks at the whole batch. */
    static boolean isBatch(LossSpec spec) {
        return parts(spec, 1).stream().anyMatch(part -> part.loss() instanceof BatchLoss);
    }

    /** Whether several losses are added up. */
    static boolean isSum(LossSpec spec) {
        return parts(spec, 1).size() > 1;
    }

    /** Whether the logits of its softmax can be changed, and kept from drifting. */
    static boolean isOverSoftmaxLogits(LossSpec spec) {
        return spec.input() == InputForm.LOGITS && spec.activation() == Activation.SOFTMAX && !isBatch(spec);
    }

    /** Whether it counts probabilities that it makes of logits. Scores have none: an infinite one costs infinitely much. */
    static boolean isOverlapOfLogits(LossSpec spec) {
        LossSpec shape = shape(spec);
        boolean overlap = shape instanceof BatchLoss || shape instanceof WeighedRowLoss;
        return overlap
                && !isSum(spec)
                && spec.input() == InputForm.LOGITS
                && !spec.id().equals("lovasz_hinge");
    }

    /** How many labels there are for so many predictions. */
    static int labelColumns(LossSpec spec, int columns) {
        return shaped(spec, columns).loss() instanceof RowLoss row ? row.labelColumns(columns) : columns;
    }

    /** Whether there is one label for each column of predictions, so that columns can have weights and masks. */
    static boolean weighsColumns(LossSpec spec, int columns) {
        return labelColumns(spec, columns) == columns;
    }

    /** A number of columns near the wanted one that the loss can take. */
    int columnsNear(int wanted) {
        return (Math.min(wanted, mostColumns) + columnStep - 1) / columnStep * columnStep;
    }

    @Override
    public String toString() {
        return name;
    }
}
