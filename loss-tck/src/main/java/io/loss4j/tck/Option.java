package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.RowLoss;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What a loss function can be asked to do beyond its formula. */
enum Option {
    NONE,
    CLASS_WEIGHTS,
    ROW_MASK,
    ELEMENT_MASK,
    WEIGHTS_AND_MASK,
    SMOOTHING,
    IGNORED_LABELS,
    POSITIVE_WEIGHTS,
    Z_LOSS,
    LOGITS,
    SOFT_LABELS;

    /** Those that a loss can be asked for. */
    static List<Option> of(LossSpec spec, int columns) {
        return Stream.of(values()).filter(o -> o.fits(spec, columns)).toList();
    }

    boolean fits(LossSpec spec, int columns) {
        return switch (this) {
            case SMOOTHING -> LossExample.isClassification(spec);
            case IGNORED_LABELS ->
                !(LossExample.shape(spec) instanceof RowLoss row) || row.classification() && columns > 1;
            case POSITIVE_WEIGHTS -> LossExample.shape(spec) instanceof BinaryLoss;
            case Z_LOSS, LOGITS -> LossExample.isOverSoftmaxLogits(spec);
            case CLASS_WEIGHTS, WEIGHTS_AND_MASK -> LossExample.weighsColumns(spec, columns);
            case SOFT_LABELS -> LossExample.isClassification(spec);
            // How masks of elements weigh the rows of a regression over rows is not said.
            case ELEMENT_MASK -> !(LossExample.shape(spec) instanceof RowLoss row) || row.classification();
            default -> true;
        };
    }

    LabelForm form(LossSpec spec, int columns) {
        return this == SOFT_LABELS
                ? LabelForm.SOFT
                : LabelForm.of(spec, columns).get(0);
    }

    LossFunction set(LossFunction f, int columns) {
        return switch (this) {
            case CLASS_WEIGHTS, WEIGHTS_AND_MASK -> f.withClassWeights(Chapter.weights(columns));
            case SOFT_LABELS -> f.withClassWeights(Chapter.weights(columns));
            case SMOOTHING -> f.withLabelSmoothing(0.3).withClassWeights(Chapter.weights(columns));
            case IGNORED_LABELS -> Chapter.weighted(f, columns).withIgnoreIndex(Chapter.IGNORED);
            case POSITIVE_WEIGHTS -> f.withPositiveWeights(PerColumn.all(2.5));
            case Z_LOSS -> f.withZLoss(0.01);
            case LOGITS -> f.withLogits(Chapter.change(columns));
            default -> f;
        };
    }

    void set(Batch batch, Random random) {
        double[] rows = new double[batch.rows];
        Arrays.setAll(rows, r -> r % 3 == 1 ? 0 : 0.5 + random.nextDouble());
        double[] elements = new double[batch.rows * batch.columns];
        Arrays.setAll(elements, i -> i / batch.columns == 1 || i % 4 == 2 ? 0 : 0.5 + random.nextDouble());
        switch (this) {
            case ROW_MASK, WEIGHTS_AND_MASK, Z_LOSS -> batch.rowMask(rows);
            case ELEMENT_MASK -> batch.elementMask(elements);
            case IGNORED_LABELS -> {
                if (batch.index || batch.labels.length == batch.rows * batch.columns) {
                    batch.labels[1] = Chapter.IGNORED;
                }
            }
            default -> {}
        }
    }
}
