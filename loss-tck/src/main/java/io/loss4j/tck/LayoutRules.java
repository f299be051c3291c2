package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** R5: order, views, ranks and types of arrays. */
final class LayoutRules extends Chapter {
    private static final DataType[] NUMERIC = {
        DataType.BOOL,
        DataType.INT8,
        DataType.UINT8,
        DataType.INT16,
        DataType.UINT16,
        DataType.INT32,
        DataType.UINT32,
        DataType.INT64,
        DataType.UINT64,
        DataType.FLOAT16,
        DataType.BFLOAT16,
        DataType.FLOAT,
        DataType.DOUBLE
    };

    LayoutRules(String choice) {
        super(choice);
    }

    void layoutMakesNoDifference(LossExample example, Tests tests) {
        long k = example.columnsNear(K);
        LossFunction f = sum(example, (int) k).withReduction(Reduction.MEAN);
        // ranks 2 to 5; one row, one time step, and axes of size 1 in the middle
        long[][] shapes = {
            {37, k}, {1, k}, {70, k}, {3, k, 4}, {1, k, 6}, {5, k, 1}, {2, k, 3, 2}, {2, k, 1, 5}, {2, k, 2, 1, 3}
        };
        for (long[] shape : shapes) {
            tests.add(Arrays.toString(shape), random -> everyLayout(example, f, random, shape));
        }
        LossFunction one = sum(example, 1);
        if (!LossExample.takesClasses(one.spec()) && example.columnsNear(1) == 1) {
            // a single output, also without an axis for it
            for (long[] shape : new long[][] {{19}, {19, 1}, {1, 1}, {4, 1, 3}}) {
                tests.add(Arrays.toString(shape), random -> everyLayout(example, one, random, shape));
            }
        }
    }

    private void everyLayout(LossExample example, LossFunction f, Random random, long[] shape) throws Throwable {
        for (Layout layout : Layout.values()) {
            in(layout.name(), () -> layouts(example, f, random, shape, layout));
        }
    }

    /** 'f', views and permutations against 'c', higher ranks against rank 2. */
    private void layouts(LossExample example, LossFunction f, Random random, long[] shape, Layout layout) {
        int columns = shape.length == 1 ? 1 : (int) shape[1];
        for (DataType type : TYPES) {
            for (LabelForm form : LabelForm.of(f.spec(), columns)) {
                Batch batch = Batch.draw(example, f.spec(), form, random, shape).type(type);
                double[] mask = new double[batch.rows];
                Arrays.setAll(mask, r -> r % 5 == 3 ? 0 : 1 + r % 2);
                batch.rowMask(mask);
                Answer expected = Answer.of(f, batch.flat().rowMask(mask));
                alike(
                        form + " in " + layout,
                        batch,
                        expected,
                        Answer.of(f, batch.copy().layout(layout)));
                Batch mixed = batch.copy();
                mixed.labelLayout = layout;
                mixed.maskLayout = Layout.WINDOW;
                mixed.columnVectors = true;
                alike(form + " with labels in " + layout, batch, expected, Answer.of(f, mixed));
                if (type == DataType.FLOAT) {
                    double[] each = new double[batch.rows * columns];
                    Arrays.setAll(each, i -> mask[i / columns]);
                    if (hasLinearTargets(f.spec())) {
                        Batch elements = batch.copy().layout(layout).elementMask(each);
                        alike(form + " with an element mask in " + layout, batch, expected, Answer.of(f, elements));
                    }
                }
            }
        }
    }

    void labelsAndMasksOfEveryNumericType(LossExample example, Tests tests) {
        int columns = example.columnsNear(2);
        LossFunction f = sum(example, columns).withReduction(Reduction.MEAN);
        for (DataType type : NUMERIC) {
            tests.add(type.toString(), random -> {
                for (LabelForm form : LabelForm.of(f.spec(), columns)) {
                    for (DataType ofPredictions : List.of(DataType.FLOAT, DataType.DOUBLE)) {
                        if (form != LabelForm.SOFT) {
                            Batch batch = Batch.draw(example, f.spec(), form, random, 23, columns)
                                    .type(ofPredictions);
                            wholeNumbers(batch, example, form, type, random);
                            in(form + " for " + ofPredictions, () -> typed(f, batch, type));
                        }
                    }
                }
            });
        }
    }

    private void typed(LossFunction f, Batch batch, DataType type) {
        double[] rows = new double[batch.rows];
        Arrays.setAll(rows, r -> r % 3 == 0 ? 0 : 1);
        double[] elements = new double[batch.rows * batch.columns];
        Arrays.setAll(elements, i -> i % 3 == 0 ? 0 : 1);
        boolean ofElements = LossExample.weighsColumns(f.spec(), batch.columns);
        for (Batch masked : ofElements
                ? List.of(batch.copy().rowMask(rows), batch.copy().elementMask(elements))
                : List.of(batch.copy().rowMask(rows))) {
            Answer expected = Answer.of(f, masked);
            Batch typed = masked.copy().labelType(type).maskType(type);
            alike("labels and mask of another type", typed, expected, Answer.of(f, typed));
        }
    }

    private static void wholeNumbers(Batch batch, LossExample example, LabelForm form, DataType type, Random random) {
        boolean bits = type == DataType.BOOL;
        if (form == LabelForm.VALUES) {
            Arrays.setAll(batch.labels, i -> {
                double whole = example.labels().drawWhole(random);
                return bits ? Math.min(1, whole) : whole;
            });
        } else if (bits) {
            Arrays.setAll(batch.labels, i -> Math.min(1, batch.labels[i]));
        }
    }

    void emptyBatchesAreLegal(LossExample example, Tests tests) {
        long columns = example.columnsNear(K);
        for (Reduction reduction : reductions(example)) {
            LossFunction f = sum(example, (int) columns).withReduction(reduction);
            tests.add(reduction.toString(), random -> {
                for (LabelForm form : LabelForm.of(f.spec(), (int) columns)) {
                    for (long[] shape : new long[][] {{0, columns}, {0, columns, 3}}) {
                        for (DataType type : TYPES) {
                            Batch batch = new Batch(shape, new double[0], new double[0], form == LabelForm.INDEX);
                            batch.type = type;
                            batch.labelColumns = LossExample.labelColumns(f.spec(), (int) columns);
                            in(form + " " + batch, () -> empty(f, batch));
                            in(form + " with a mask " + batch, () -> empty(f, batch.rowMask()));
                        }
                    }
                }
            });
        }
    }

    private static void empty(LossFunction f, Batch batch) {
        Batch.Arguments a = batch.arguments();
        LossResult result = f.valueAndGradient(a.predictions(), a.labels(), a.mask());
        Close.value("value of an empty batch", 0, result.value(), 0);
        if (!Arrays.equals(result.gradient().shape(), batch.shape)) {
            throw new AssertionError("gradient of an empty batch has shape "
                    + Arrays.toString(result.gradient().shape()) + ", expected " + Arrays.toString(batch.shape));
        }
        Close.value("value alone", 0, f.value(a.predictions(), a.labels(), a.mask()), 0);
    }
}
