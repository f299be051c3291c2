package io.loss4j.tck;

import io.loss4j.loss.LossSpec;
import io.loss4j.loss.SoftmaxLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One batch as plain doubles, row after row, and the arrays that can be made of it. Arrays are made anew for every call,
 * so that a backend which spoils its inputs fails its own rule only. Knows nothing of the library's own views of memory.
 */
final class Batch {
    final long[] shape;
    final int rows;
    final int columns;
    /** Columns of dense labels; those of the predictions unless the loss wants more or fewer. */
    int labelColumns;

    double[] predictions;
    double[] labels;
    /** Whether labels are class indices, one per row. */
    boolean index;

    double @Nullable [] mask;
    /** 1: a mask of rows. */
    int maskColumns = 1;
    /** Whether masks of rows and class indices are [N, 1] instead of [N]. */
    boolean columnVectors;

    DataType type = DataType.DOUBLE;
    DataType labelType = DataType.DOUBLE;
    DataType maskType = DataType.DOUBLE;
    Layout layout = Layout.C;
    Layout labelLayout = Layout.C;
    Layout maskLayout = Layout.C;

    Batch(long[] shape, double[] predictions, double[] labels, boolean index) {
        this.shape = shape.clone();
        this.columns = shape.length == 1 ? 1 : (int) shape[1];
        this.labelColumns = columns;
        this.rows = rowsOf(shape);
        this.predictions = predictions;
        this.labels = labels;
        this.index = index;
    }

    private static int rowsOf(long[] shape) {
        long rows = shape[0];
        for (int axis = 2; axis < shape.length; axis++) {
            rows *= shape[axis];
        }
        return (int) rows;
    }

    /** Random predictions and labels that suit a loss. */
    static Batch draw(LossExample example, LossSpec spec, LabelForm form, Random random, long... shape) {
        Batch batch = new Batch(shape, new double[0], new double[0], form == LabelForm.INDEX);
        int rows = batch.rows;
        int columns = batch.columns;
        double[] x = new double[rows * columns];
        Arrays.setAll(x, i -> example.predictions().draw(random));
        if (LossExample.shape(spec) instanceof SoftmaxLoss
                && example.predictions().equals(Range.PROBABILITIES)) {
            eachRow(x, columns, Batch::sumToOne);
        }
        batch.predictions = x;
        batch.labelColumns = LossExample.labelColumns(spec, columns);
        batch.labels = drawLabels(example, spec, form, random, rows, batch.labelColumns);
        return batch;
    }

    private static double[] drawLabels(
            LossExample example, LossSpec spec, LabelForm form, Random random, int rows, int columns) {
        boolean classes = LossExample.takesClasses(spec);
        double[] y = new double[form == LabelForm.INDEX ? rows : rows * columns];
        switch (form) {
            case INDEX -> Arrays.setAll(y, i -> random.nextInt(columns));
            case VALUES -> Arrays.setAll(y, i -> example.labels().draw(random));
            case COUNTS -> Arrays.setAll(y, i -> random.nextInt(4));
            case SOFT -> {
                Arrays.setAll(y, i -> random.nextDouble());
                if (classes) {
                    eachRow(y, columns, Batch::sumToOne);
                }
            }
            case ONE_HOT -> {
                if (classes) {
                    for (int r = 0; r < rows; r++) {
                        y[r * columns + random.nextInt(columns)] = 1;
                    }
                } else {
                    Arrays.setAll(y, i -> random.nextInt(2));
                }
            }
        }
        return y;
    }

    private interface RowChange {
        void accept(double[] values, int from, int to);
    }

    private static void eachRow(double[] values, int columns, RowChange change) {
        for (int from = 0; from < values.length; from += columns) {
            change.accept(values, from, from + columns);
        }
    }

    private static void sumToOne(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        for (int i = from; i < to; i++) {
            values[i] /= sum;
        }
    }

    Batch copy() {
        Batch copy = new Batch(shape, predictions.clone(), labels.clone(), index);
        copy.labelColumns = labelColumns;
        copy.mask = mask == null ? null : mask.clone();
        copy.maskColumns = maskColumns;
        copy.columnVectors = columnVectors;
        copy.type = type;
        copy.labelType = labelType;
        copy.maskType = maskType;
        copy.layout = layout;
        copy.labelLayout = labelLayout;
        copy.maskLayout = maskLayout;
        return copy;
    }

    /** The type of the predictions, which are rounded to it. */
    Batch type(DataType newType) {
        type = newType;
        predictions = rounded(predictions, newType);
        return this;
    }

    Batch labelType(DataType newType) {
        labelType = newType;
        labels = rounded(labels, newType);
        return this;
    }

    Batch maskType(DataType newType) {
        maskType = newType;
        mask = mask == null ? null : rounded(mask, newType);
        return this;
    }

    Batch rowMask(double... weights) {
        mask = weights;
        maskColumns = 1;
        return this;
    }

    Batch elementMask(double... weights) {
        mask = weights;
        maskColumns = columns;
        return this;
    }

    Batch layout(Layout all) {
        layout = all;
        labelLayout = all;
        maskLayout = all;
        return this;
    }

    /** The same class indices as rows with a 1; an index outside of the classes gives a row of zeros. */
    Batch oneHot() {
        Batch copy = copy();
        copy.index = false;
        copy.labels = new double[rows * columns];
        for (int r = 0; r < rows; r++) {
            if (labels[r] >= 0 && labels[r] < columns) {
                copy.labels[r * columns + (int) labels[r]] = 1;
            }
        }
        return copy;
    }

    /** The chosen rows only, without a mask. Rank 2. */
    Batch slice(int... chosen) {
        int each = index ? 1 : labelColumns;
        double[] x = new double[chosen.length * columns];
        double[] y = new double[chosen.length * each];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(predictions, chosen[i] * columns, x, i * columns, columns);
            System.arraycopy(labels, chosen[i] * each, y, i * each, each);
        }
        Batch slice = new Batch(new long[] {chosen.length, columns}, x, y, index);
        slice.type = type;
        slice.labelColumns = labelColumns;
        return slice;
    }

    /** The same rows and labels as a batch of rank 2, without a mask. */
    Batch flat() {
        Batch flat = new Batch(new long[] {rows, columns}, predictions, labels, index);
        flat.type = type;
        flat.labelColumns = labelColumns;
        return flat;
    }

    /** Axes of dense labels. */
    private long[] labelShape() {
        long[] withLabels = shape.clone();
        if (labelColumns != columns) {
            withLabels[1] = labelColumns;
        }
        return withLabels;
    }

    /** Axes of the predictions without that of the columns. */
    private long[] rowShape() {
        long[] without = new long[Math.max(1, shape.length - 1)];
        without[0] = shape[0];
        for (int axis = 2; axis < shape.length; axis++) {
            without[axis - 1] = shape[axis];
        }
        if (!columnVectors || shape.length == 1) {
            return without;
        }
        long[] withOne = shape.clone();
        withOne[1] = 1;
        return withOne;
    }

    /** The arrays of one call, in new memory. */
    Arguments arguments() {
        List<INDArray> memory = new ArrayList<>();
        // NaN around predictions: whoever reads there is found out.
        INDArray x = lay(predictions, shape, true, type, layout, Double.NaN, memory);
        INDArray y = index
                ? lay(labels, rowShape(), false, labelType, labelLayout, 0, memory)
                : lay(labels, labelShape(), true, labelType, labelLayout, 1, memory);
        INDArray m = mask == null
                ? null
                : maskColumns == 1 && columns > 1
                        ? lay(mask, rowShape(), false, maskType, maskLayout, 1, memory)
                        : lay(mask, shape, true, maskType, maskLayout, 1, memory);
        return new Arguments(x, y, m, memory);
    }

    private static INDArray lay(
            double[] values,
            long[] shape,
            boolean hasColumns,
            DataType type,
            Layout layout,
            double around,
            List<INDArray> memory) {
        if (values.length == 0) {
            return Nd4j.create(type, shape);
        }
        Layout.Laid laid = layout.lay(values, shape, hasColumns, type, around);
        memory.add(laid.memory());
        return laid.array();
    }

    /** An array as doubles, row after row, columns (axis 1, if it has them) innermost. */
    static double[] read(INDArray array, boolean hasColumns) {
        if (array.length() == 0) {
            return new double[0];
        }
        INDArray inDouble = array.castTo(DataType.DOUBLE);
        double[] memory = inDouble.data().asDouble();
        int[] at = Layout.addresses(inDouble.shape(), inDouble.stride(), inDouble.offset(), hasColumns);
        double[] values = new double[at.length];
        Arrays.setAll(values, i -> memory[at[i]]);
        return values;
    }

    private static double[] contents(INDArray flat) {
        return flat.castTo(DataType.DOUBLE).data().asDouble();
    }

    private static double[] rounded(double[] values, DataType type) {
        return type == DataType.DOUBLE || values.length == 0
                ? values
                : contents(Nd4j.createFromArray(values).castTo(type));
    }

    /**
     * The arrays of one call.
     *
     * @param predictions of the shape of the batch
     * @param labels dense or class indices
     * @param mask of rows, of elements, or null
     * @param memory all memory that the arrays lie in, in this order
     */
    record Arguments(
            INDArray predictions, INDArray labels, @Nullable INDArray mask, List<INDArray> memory) {
        /** The bits of all memory, also around views. */
        List<double[]> contents() {
            return memory.stream().map(Batch::contents).toList();
        }

        /** Fails if any bit is not what it was before. */
        void requireUntouched(List<double[]> before) {
            String[] names = {"predictions", "labels", "mask"};
            List<double[]> after = contents();
            for (int i = 0; i < after.size(); i++) {
                Close.bits("memory of the " + names[i] + " after the call", before.get(i), after.get(i), 1);
            }
        }
    }

    @Override
    public String toString() {
        return type + " " + Arrays.toString(shape);
    }
}
