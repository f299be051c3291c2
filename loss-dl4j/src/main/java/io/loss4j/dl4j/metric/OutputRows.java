package io.loss4j.dl4j.metric;

import io.loss4j.error.LossInputException;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads the rows that count out of the arrays of a network. */
final class OutputRows {
    private static final String WHO = "predictions";

    private final Rows scores;
    private final Rows labels;
    private final @Nullable Rows mask;
    private final int n;

    private OutputRows(INDArray scores, INDArray labels, @Nullable INDArray mask) {
        this.scores = host(Rows.of(scores));
        boolean sameShape = Arrays.equals(labels.shape(), scores.shape());
        if (!sameShape && !Rows.isColumnFor(labels.shape(), scores.shape())) {
            throw new LossInputException(
                    "L4J-S02",
                    WHO,
                    "labels do not fit scores (shapes: labels " + Arrays.toString(labels.shape()) + ", scores "
                            + Arrays.toString(scores.shape()) + ")",
                    "use labels of the shape of the scores, or one class index per row");
        }
        this.labels = host(sameShape ? Rows.of(labels) : Rows.each(labels));
        this.mask = mask == null ? null : host(Rows.mask(WHO, mask, scores.shape()));
        if (this.scores.elements() > Integer.MAX_VALUE) {
            throw new LossInputException(
                    "L4J-D50",
                    WHO,
                    "more than 2^31 scores (shape " + Arrays.toString(scores.shape()) + ")",
                    "judge a part of them at a time");
        }
        this.n = (int) this.scores.rows();
    }

    private static Rows host(Rows rows) {
        rows.onHost();
        return rows;
    }

    static Predictions of(INDArray scores, INDArray labels, @Nullable INDArray mask) {
        OutputRows rows = new OutputRows(scores, labels, mask);
        double[][] kept = new double[rows.n][];
        int[] classes = new int[rows.n];
        int count = 0;
        for (int row = 0; row < rows.n; row++) {
            if (rows.counts(row, -1)) {
                kept[count] = load(rows.scores, row);
                classes[count++] = rows.label(row, kept[0].length);
            }
        }
        return Predictions.of(Arrays.copyOf(kept, count), Arrays.copyOf(classes, count));
    }

    static Predictions ofColumn(INDArray scores, INDArray labels, @Nullable INDArray mask, int column) {
        OutputRows rows = new OutputRows(scores, labels, mask);
        int columns = rows.scores.columns();
        if (column < 0 || column >= columns || rows.labels.columns() != columns) {
            throw new LossInputException(
                    "L4J-S02",
                    WHO,
                    "column " + column + " of " + columns + " scores and " + rows.labels.columns() + " labels (shapes: "
                            + "labels " + Arrays.toString(labels.shape()) + ", scores "
                            + Arrays.toString(scores.shape()) + ")",
                    "give a column from 0 to " + (columns - 1) + " and labels of the shape of the scores");
        }
        double[][] kept = new double[rows.n][];
        int[] classes = new int[rows.n];
        int count = 0;
        for (int row = 0; row < rows.n; row++) {
            if (rows.counts(row, column)) {
                kept[count] = new double[] {load(rows.scores, row)[column]};
                classes[count++] = index(load(rows.labels, row)[column], row, 2);
            }
        }
        return Predictions.of(Arrays.copyOf(kept, count), Arrays.copyOf(classes, count));
    }

    private static double[] load(Rows from, int row) {
        double[] to = new double[from.columns()];
        from.load(row, 1, 0, to.length, to, 0);
        return to;
    }

    /** Whether a row, or one element of it, is not masked. */
    private boolean counts(int row, int column) {
        if (mask == null) {
            return true;
        }
        double[] weights = load(mask, row);
        return column >= 0 && weights.length > 1
                ? weights[column] != 0
                : Arrays.stream(weights).anyMatch(w -> w != 0);
    }

    private int label(int row, int columns) {
        double[] label = load(labels, row);
        if (label.length == 1) {
            return index(label[0], row, Math.max(2, columns));
        }
        int best = 0;
        for (int k = 1; k < label.length; k++) {
            best = label[k] > label[best] ? k : best;
        }
        if (!(label[best] > 0)) {
            throw new LossInputException(
                    "L4J-D50",
                    WHO,
                    "row " + row + " has no label: none of its columns is above 0",
                    "mask it, or correct its label");
        }
        return best;
    }

    private static int index(double label, int row, int classes) {
        if (label != (int) label) {
            throw new LossInputException(
                    "L4J-L02",
                    WHO,
                    "the label of row " + row + " is " + label + ", expected a whole number",
                    "use class indices from 0 to " + (classes - 1) + ", or one column per class");
        }
        return (int) label; // the range is checked with all others
    }
}
