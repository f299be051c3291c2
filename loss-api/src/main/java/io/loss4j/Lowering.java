package io.loss4j;

import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Weights;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Activation;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns arrays and options into a {@link LossJob}: checks shapes and types, decides whether labels are indices, makes one
 * scale of the reduction. The only place that does, for every loss and every backend.
 */
final class Lowering {
    private Lowering() {}

    /** A loss as one of the four shapes, times a factor. */
    static Scaled shaped(Scaled loss, int columns) {
        LossSpec formula = loss.loss().formula(columns);
        return formula instanceof Scaled scaled
                ? new Scaled(loss.factor() * scaled.factor(), scaled.loss())
                : new Scaled(loss.factor(), formula);
    }

    /** Lowers a loss that has one of the four shapes. */
    static LossJob lower(
            Scaled loss,
            Options options,
            INDArray predictions,
            INDArray labels,
            @Nullable INDArray mask,
            Outputs outputs) {
        LossSpec spec = loss.loss();
        String who = spec.id();
        requireFloating(who, predictions);
        requireNumeric(who, "labels", labels);
        long[] shape = predictions.shape();
        Rows predictionRows = Rows.of(predictions);
        boolean otherWidth = isOfOtherWidth(spec, predictionRows.columns());
        Labels lowered = otherWidth
                ? otherWidth((RowLoss) spec, options, mask, labels, shape)
                : labels(spec, options, labels, shape);
        if (mask != null) {
            requireNumeric(who, "mask", mask);
        }
        Rows maskRows = mask == null ? null : Rows.mask(who, mask, shape);
        int columns = predictionRows.columns();
        Weights weights = new Weights(
                classWeights(who, options.classWeights(), columns),
                positiveWeights(who, options.positiveWeights(), columns),
                maskRows);
        checkColumns(who, columnsOf(spec), columns);
        LogitTransform logits = logits(spec, options);
        checkColumns(who, logits.columns(), columns);
        double scale =
                loss.factor() * options.reduction().scale(new Denominators(spec, predictionRows, lowered, weights));
        return new LossJob(spec, predictionRows, lowered, weights, logits, options.zLoss(), scale, outputs);
    }

    private static LogitTransform logits(LossSpec spec, Options options) {
        return spec instanceof SoftmaxLoss softmax ? options.logits().then(softmax.logits()) : options.logits();
    }

    private static int columnsOf(LossSpec spec) {
        return spec instanceof SoftmaxLoss softmax
                ? softmax.columns()
                : spec instanceof ElementwiseLoss elementwise ? elementwise.columns() : 0;
    }

    private static void checkColumns(String who, int expected, int columns) {
        if (expected != 0 && expected != columns) {
            throw new LossInputException(
                    "L4J-S04",
                    who,
                    "its parameters are made for " + expected + " columns but predictions have " + columns
                            + " (shapes: parameters [" + expected + "], predictions [N, " + columns + "])",
                    "give one number per column of the network's output");
        }
    }

    private static double @Nullable [] classWeights(String who, ClassWeights weights, int columns) {
        if (weights.isNone()) {
            return null;
        }
        if (weights.classes() != columns) {
            throw new LossInputException(
                    "L4J-W02",
                    who,
                    weights.classes() + " class weights for predictions with " + columns + " columns (shapes: weights ["
                            + weights.classes() + "], predictions [N, " + columns + "])",
                    "give one weight per column");
        }
        return weights.shared();
    }

    private static double @Nullable [] positiveWeights(String who, @Nullable PerColumn weights, int columns) {
        if (weights == null) {
            return null;
        }
        if (weights.columns() != 0 && weights.columns() != columns) {
            throw new LossInputException(
                    "L4J-W02",
                    who,
                    weights.columns() + " positive weights for predictions with " + columns
                            + " columns (shapes: weights [" + weights.columns() + "], predictions [N, " + columns
                            + "])",
                    "give one weight per column, or one for all");
        }
        double[] each = new double[columns];
        Arrays.setAll(each, weights::at);
        return each;
    }

    private static Labels labels(LossSpec spec, Options options, INDArray labels, long[] predictions) {
        OptionalLong ignored =
                options.ignoreIndex() == null ? OptionalLong.empty() : OptionalLong.of(options.ignoreIndex());
        long[] shape = labels.shape();
        if (Arrays.equals(shape, predictions)) {
            return new Labels(Rows.of(labels), false, options.labelSmoothing(), ignored);
        }
        long columns = predictions.length < 2 ? 1 : predictions[1];
        if (Rows.isColumnFor(shape, predictions)) {
            if (columns == 1) {
                return new Labels(Rows.each(labels), false, options.labelSmoothing(), ignored);
            }
            if (takesIndices(spec)) {
                return new Labels(Rows.each(labels), true, options.labelSmoothing(), ignored);
            }
        }
        throw labelShape(spec, shape, predictions);
    }

    /** Labels of a row loss that has more or fewer labels than predictions. */
    private static Labels otherWidth(
            RowLoss spec, Options options, @Nullable INDArray mask, INDArray labels, long[] predictions) {
        long[] shape = Arrays.copyOf(predictions, Math.max(2, predictions.length));
        int expected = spec.labelColumns(predictions.length < 2 ? 1 : (int) predictions[1]);
        shape[1] = expected;
        if (!options.classWeights().isNone() || mask != null && Arrays.equals(mask.shape(), predictions)) {
            throw parameter(
                    spec.id(),
                    "class weights and masks of elements are for losses with as many labels as predictions",
                    "use a mask of rows");
        }
        boolean column = expected == 1 && Rows.isColumnFor(labels.shape(), predictions);
        if (!column && !Arrays.equals(labels.shape(), shape)) {
            throw new LossInputException(
                    "L4J-S02",
                    spec.id(),
                    "labels do not fit predictions (shapes: labels " + Arrays.toString(labels.shape())
                            + ", predictions " + Arrays.toString(predictions) + "), expected labels "
                            + Arrays.toString(shape),
                    "give " + expected + (expected == 1 ? " label" : " labels") + " per row");
        }
        return new Labels(column ? Rows.each(labels) : Rows.of(labels), false, 0, OptionalLong.empty());
    }

    /** Whether a loss has another number of labels than of predictions. */
    private static boolean isOfOtherWidth(LossSpec spec, int columns) {
        return spec instanceof RowLoss row && row.labelColumns(columns) != columns;
    }

    private static boolean takesIndices(LossSpec spec) {
        return spec instanceof SoftmaxLoss
                || spec instanceof RowLoss row && row.classification()
                || spec instanceof BatchLoss batch && batch.classification();
    }

    private static LossInputException labelShape(LossSpec spec, long[] labels, long[] predictions) {
        String shapes =
                " (shapes: labels " + Arrays.toString(labels) + ", predictions " + Arrays.toString(predictions) + ")";
        boolean sameRank = labels.length == predictions.length && labels.length > 1;
        String found;
        if (sameRank && labels[0] == predictions[0] && labels[1] != predictions[1]) {
            found = "labels have " + labels[1] + " columns but predictions have " + predictions[1] + shapes;
        } else if (labels.length > 0 && predictions.length > 0 && labels[0] != predictions[0]) {
            found = "labels have " + labels[0] + " rows but predictions have " + predictions[0] + shapes;
        } else {
            found = "labels do not fit predictions" + shapes;
        }
        return new LossInputException(
                "L4J-S02",
                spec.id(),
                found,
                takesIndices(spec)
                        ? "use one-hot labels with one column per output, or a column of class indices"
                        : "use labels of the shape of the predictions");
    }

    private static void requireFloating(String who, INDArray predictions) {
        DataType type = predictions.dataType();
        if (!type.isFPType()) {
            throw new LossInputException(
                    "L4J-S01",
                    who,
                    "predictions have type " + type + ", expected FLOAT, DOUBLE, HALF or BFLOAT16",
                    "cast them with castTo(DataType.FLOAT)");
        }
        if (predictions.rank() == 0) {
            throw new LossInputException(
                    "L4J-S01",
                    who,
                    "predictions are a scalar, expected the shapes [N, K] or [N, K, ...]",
                    "reshape them");
        }
    }

    private static void requireNumeric(String who, String what, INDArray array) {
        if (!array.dataType().isNumerical() && array.dataType() != DataType.BOOL) {
            throw new LossInputException(
                    "L4J-S01", who, what + " have type " + array.dataType() + ", expected numbers", "cast them");
        }
    }

    /** Refuses options that a loss has no use for, when they are set rather than when they are met. */
    static void check(LossSpec spec, Options o) {
        String who = spec.id();
        boolean classification = takesIndices(spec) || spec instanceof BinaryLoss || spec instanceof BatchLoss;
        if (!(o.labelSmoothing() >= 0 && o.labelSmoothing() <= 1)) {
            throw parameter(who, "label smoothing is " + o.labelSmoothing() + ", expected 0 to 1", "correct it");
        }
        if (o.labelSmoothing() != 0 && !classification) {
            throw parameter(who, "label smoothing is for classification losses", "remove it");
        }
        if (o.positiveWeights() != null) {
            if (!(spec instanceof BinaryLoss)) {
                throw parameter(who, "positive weights are for sigmoid losses", "use class weights");
            }
            double[] positive = o.positiveWeights().toArray();
            if (positive.length == 0) {
                throw new LossInputException(
                        "L4J-W01", who, "there are no positive weights in the list", "give one per column");
            }
            for (double w : positive) {
                if (!(w >= 0 && w < Double.POSITIVE_INFINITY)) {
                    throw new LossInputException(
                            "L4J-W01",
                            who,
                            "a positive weight is " + w + ", expected a finite number from 0",
                            "correct it");
                }
            }
        }
        boolean logits = spec.input() == InputForm.LOGITS
                && spec.activation() == Activation.SOFTMAX
                && !(spec instanceof BatchLoss);
        if (!o.logits().isIdentity() && !logits) {
            throw parameter(who, "changed logits are for softmax losses over logits", "remove it");
        }
        if (o.zLoss() != 0 && !logits) {
            throw parameter(who, "z-loss is for softmax losses over logits", "remove it");
        }
        if (!(o.zLoss() >= 0 && o.zLoss() < Double.POSITIVE_INFINITY)) {
            throw parameter(who, "z-loss is " + o.zLoss() + ", expected a finite number from 0", "correct it");
        }
        if (o.reduction() == Reduction.NONE && spec instanceof BatchLoss) {
            throw parameter(who, "a loss of the whole batch has no terms per example", "use SUM or MEAN");
        }
    }

    private static LossInputException parameter(String who, String problem, String remedy) {
        return new LossInputException("L4J-P06", who, problem, remedy);
    }
}
