package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** All axes at once. */
final class CombinedRules extends Chapter {
    CombinedRules(String choice) {
        super(choice);
    }

    /** Larger batches take time and have no new remainders. */
    private static final int MOST_ELEMENTS = 1 << 15;

    private static final List<int[]> POINTS = points();

    private static List<int[]> points() {
        int[] sizes = {
            Sizes.ROWS.length,
            Sizes.COLUMNS.length,
            TYPES.length,
            Layout.values().length,
            4, // form of the labels
            Layout.values().length,
            6, // mask
            2, // class weights
            Reduction.values().length,
            2, // smoothing
            2, // ignored labels
            2, // positive weights
            2, // z-loss
            2, // changed logits
            4, // type of the labels
            3 // rank
        };
        return Pairwise.cover(sizes);
    }

    /**
     * @param share take one in so many points; examples of one kernel share them, starting at different ones
     */
    void everythingTogether(LossExample example, Tests tests, int share) {
        for (int i = Math.floorMod(example.name().hashCode(), share); i < POINTS.size(); i += share) {
            int[] point = POINTS.get(i);
            int columns = Sizes.COLUMNS[point[1]];
            if (columns <= example.mostColumns()) {
                together(example, tests, point, example.columnsNear(columns));
            }
        }
    }

    private void together(LossExample example, Tests tests, int[] point, int columns) {
        LossFunction f = sum(example, columns);
        LossSpec spec = f.spec();
        List<LabelForm> forms = LabelForm.of(spec, columns);
        LabelForm form = forms.get(point[4] % forms.size());
        boolean smooth = point[9] == 1 && LossExample.isClassification(spec);
        if (isSlow(spec, form, columns) || smooth && LossExample.isRow(spec) && columns > 200) {
            return;
        }
        Reduction reduction = Reduction.values()[point[8]];
        f = reduction == Reduction.NONE && LossExample.isBatch(spec) ? f : f.withReduction(reduction);
        f = point[7] == 1 ? weighted(f, columns) : f;
        f = smooth ? f.withLabelSmoothing(0.1) : f;
        boolean classes = LossExample.takesClasses(spec);
        boolean ignore = point[10] == 1
                && Option.IGNORED_LABELS.fits(spec, columns)
                && form != LabelForm.SOFT
                && (form == LabelForm.INDEX || !classes);
        f = ignore ? f.withIgnoreIndex(IGNORED) : f;
        f = point[11] == 1 && LossExample.shape(spec) instanceof BinaryLoss
                ? f.withPositiveWeights(PerColumn.all(2.5))
                : f;
        f = point[12] == 1 && Option.Z_LOSS.fits(spec, columns) ? f.withZLoss(1e-3) : f;
        f = point[13] == 1 && Option.LOGITS.fits(spec, columns) ? f.withLogits(change(columns)) : f;
        LossFunction function = f;
        int rows = Math.min(Sizes.ROWS[point[0]], MOST_ELEMENTS / columns);
        DataType type = TYPES[point[2]];
        DataType whole = List.of(DataType.DOUBLE, DataType.FLOAT, DataType.INT32, DataType.INT64)
                .get(point[14]);
        DataType labelType = form == LabelForm.SOFT || form == LabelForm.VALUES ? TYPES[point[14]] : whole;
        int kindOfMask = point[6] > 3 && !Option.ELEMENT_MASK.fits(spec, columns) ? 2 : point[6];
        long[] shape = shape(rows, columns, point[15]);
        String name = type + " " + Arrays.toString(shape) + " " + Layout.values()[point[3]] + ", labels " + form + " "
                + labelType + " " + Layout.values()[point[5]] + ", mask " + kindOfMask + ", " + options(function);
        tests.add(name, random -> {
            Batch batch = Batch.draw(example, spec, form, random, shape).type(type);
            if (ignore) {
                Arrays.setAll(batch.labels, i -> i % 7 == 3 ? IGNORED : batch.labels[i]);
            }
            batch.labelType(labelType);
            mask(batch, kindOfMask, random);
            batch.layout = Layout.values()[point[3]];
            batch.labelLayout = Layout.values()[point[5]];
            batch.maskLayout = Layout.values()[(point[3] + point[5]) % Layout.values().length];
            Answer both = sameBitsAlone(function, batch);
            agree(function, batch, both);
        });
    }

    /** The whole product, with every form of labels: weights, smoothing, ignored rows, priors, margins and z-loss. */
    void optionsOfSoftmaxLossesGoTogether(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction plain = sum(example, columns);
        if (!LossExample.isOverSoftmaxLogits(plain.spec())) {
            return;
        }
        double[] counts = new double[columns];
        Arrays.setAll(counts, k -> 1 + 10 * k);
        PerColumn classCounts = PerColumn.of(counts);
        for (int subset = 0; subset < 1 << 6; subset++) {
            LossFunction f = plain.withReduction(Reduction.WEIGHTED_MEAN);
            f = (subset & 1) == 0 ? f : f.withClassWeights(weights(columns));
            f = (subset & 2) == 0 ? f : f.withLabelSmoothing(0.1);
            boolean ignore = (subset & 4) != 0;
            f = ignore ? f.withIgnoreIndex(IGNORED) : f;
            f = (subset & 8) == 0 ? f : f.withLogits(LogitTransform.priors(classCounts, 0.5));
            f = (subset & 16) == 0 ? f : f.withLogits(f.logits().then(LogitTransform.margins(classCounts, 0.5, 1.5)));
            f = (subset & 32) == 0 ? f : f.withZLoss(0.01);
            LossFunction together = f;
            tests.add(options(f) + (f.logits().bias() == null ? "" : ", priors"), random -> {
                for (LabelForm form : LabelForm.of(together.spec(), columns)) {
                    for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
                        Batch batch = Batch.draw(example, together.spec(), form, random, N, columns)
                                .type(type);
                        if (ignore && form == LabelForm.INDEX) {
                            batch.labels[1] = IGNORED;
                        }
                        in(form + " " + type, () -> conforms(together, batch.rowMask(1, 1, 0.5, 2, 0, 1)));
                    }
                }
            });
        }
    }

    private static String options(LossFunction f) {
        return f.reduction()
                + (f.classWeights().isNone() ? "" : ", class weights")
                + (f.labelSmoothing() == 0 ? "" : ", smoothing")
                + (f.ignoreIndex().isEmpty() ? "" : ", ignored labels")
                + (f.positiveWeights() == null ? "" : ", positive weights")
                + (f.zLoss() == 0 ? "" : ", z-loss")
                + (f.logits().isIdentity() ? "" : ", changed logits");
    }

    private static long[] shape(int rows, int columns, int rank) {
        int divisor = (int) Math.sqrt(rows);
        while (rows % divisor != 0) {
            divisor--;
        }
        return switch (rank) {
            case 0 -> new long[] {rows, columns};
            case 1 -> new long[] {rows / divisor, columns, divisor};
            default -> new long[] {1, columns, rows / divisor, divisor};
        };
    }

    private static void mask(Batch batch, int kind, Random random) {
        double[] rows = new double[batch.rows];
        Arrays.setAll(rows, r -> random.nextInt(3) == 0 ? 0 : kind % 2 == 1 ? 1 : random.nextDouble());
        double[] elements = new double[batch.rows * batch.columns];
        Arrays.setAll(elements, i -> random.nextInt(3) == 0 ? 0 : kind % 2 == 1 ? 1 : random.nextDouble());
        switch (kind) {
            case 0 -> {}
            case 1, 2 -> batch.rowMask(rows);
            case 3 -> batch.rowMask(rows).columnVectors = true;
            default -> batch.elementMask(elements);
        }
    }
}
