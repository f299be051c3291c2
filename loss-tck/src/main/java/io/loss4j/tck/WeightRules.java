package io.loss4j.tck;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** R3: class weights, masks, ignored, soft, smoothed and wrong labels. */
final class WeightRules extends Chapter {
    WeightRules(String choice) {
        super(choice);
    }

    void classWeightsMultiplyTheTermOfTheLabel(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction plain = sum(example, columns);
        if (!LossExample.weighsColumns(plain.spec(), columns)) {
            return;
        }
        LossFunction f = plain.withClassWeights(weights(columns));
        for (LabelForm form : sumToOne(plain.spec(), columns)) {
            for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
                tests.add(type + ", labels " + form, random -> {
                    Batch batch = Batch.draw(example, plain.spec(), form, random, N, columns)
                            .type(type);
                    conforms(f, batch);
                });
            }
            tests.add("weights of one are none, labels " + form, random -> {
                Batch batch = Batch.draw(example, plain.spec(), form, random, N, columns);
                double[] ones = new double[columns];
                Arrays.fill(ones, 1);
                alike(
                        "weights of one",
                        batch,
                        Answer.of(plain, batch),
                        Answer.of(plain.withClassWeights(ClassWeights.of(ones)), batch));
            });
        }
        if (LabelForm.of(plain.spec(), columns).contains(LabelForm.INDEX)) {
            tests.add("index is one-hot", random -> {
                Batch batch = Batch.draw(example, plain.spec(), LabelForm.INDEX, random, N, columns);
                for (Reduction reduction : reductions(example)) {
                    LossFunction g = f.withReduction(reduction);
                    alike("one-hot labels", batch, Answer.of(g, batch), Answer.of(g, batch.oneHot()));
                }
            });
        }
    }

    void maskedRowsContributeNothing(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction plain = sum(example, columns);
        for (Reduction reduction : List.of(Reduction.SUM, Reduction.MEAN, Reduction.WEIGHTED_MEAN)) {
            LossFunction f = weighted(plain, columns).withReduction(reduction);
            LabelForm form = LabelForm.of(f.spec(), columns).get(0);
            tests.add("mask is slice, " + reduction, random -> {
                Batch batch = Batch.draw(example, f.spec(), form, random, N, columns);
                Answer kept = Answer.of(f, batch.slice(0, 2, 3));
                batch.rowMask(1, 0, 1, 1, 0, 0);
                likeSlice(f, batch, kept, 0, 2, 3);
                for (int k = 0; k < columns; k++) {
                    batch.predictions[columns + k] = k == 0 ? Double.NaN : 1e4;
                }
                likeSlice(f, batch, kept, 0, 2, 3);
            });
            if (form == LabelForm.INDEX) {
                LossFunction ignoring = f.withIgnoreIndex(IGNORED);
                tests.add("ignored label is slice, " + reduction, random -> {
                    Batch batch = Batch.draw(example, f.spec(), form, random, N, columns);
                    Answer kept = Answer.of(f, batch.slice(0, 2, 3));
                    batch.labels[1] = batch.labels[4] = batch.labels[5] = IGNORED;
                    likeSlice(ignoring, batch, kept, 0, 2, 3);
                });
                tests.add("ignored class is slice, " + reduction, random -> {
                    Batch batch = Batch.draw(example, f.spec(), form, random, N, columns);
                    int last = columns - 1;
                    Arrays.setAll(batch.labels, r -> r == 0 || r == 2 || r == 3 ? r % last : last);
                    Answer kept = Answer.of(f, batch.slice(0, 2, 3));
                    likeSlice(f.withIgnoreIndex(last), batch, kept, 0, 2, 3);
                });
                if (LossExample.hasIndependentLabels(f.spec(), columns)) {
                    continue; // its 0 and 1 are labels, and may be ignored
                }
                tests.add("one-hot rows are not ignored, " + reduction, random -> {
                    Batch batch = Batch.draw(example, f.spec(), form, random, N, columns)
                            .oneHot();
                    alike("ignoring an index", batch, Answer.of(f, batch), Answer.of(f.withIgnoreIndex(1), batch));
                });
            } else if (reduction == Reduction.SUM && !LossExample.isRow(f.spec())) {
                tests.add("ignored elements", random -> {
                    Batch batch = Batch.draw(example, f.spec(), form, random, N, columns);
                    for (int i = 0; i < batch.labels.length; i += 3) {
                        batch.labels[i] = IGNORED;
                        batch.predictions[i] = i == 0 ? Double.NaN : batch.predictions[i];
                    }
                    conforms(plain.withIgnoreIndex(IGNORED), batch);
                });
            }
        }
    }

    private void likeSlice(LossFunction f, Batch batch, Answer kept, int... rows) {
        Answer masked = Answer.of(f, batch);
        Close.value("value with a mask", kept.value(), masked.value(), relation(batch) * kept.magnitude());
        int columns = batch.columns;
        double[] expected = new double[batch.rows * columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(kept.gradient(), i * columns, expected, rows[i] * columns, columns);
        }
        double tolerance = relation(batch) * Math.max(1e-300, Close.largest(kept.gradient()));
        for (int i = 0; i < expected.length; i++) {
            boolean out = Arrays.binarySearch(rows, i / columns) < 0;
            Close.value(
                    "gradient at row " + i / columns + " with rows " + Arrays.toString(rows) + " unmasked",
                    expected[i],
                    masked.gradient()[i],
                    out ? 0 : tolerance);
        }
    }

    void masksWeighRowsOrElements(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        double[] rowWeights = {1, 0.5, 0, 2, 0.25, 3};
        for (LabelForm form : sumToOne(f.spec(), columns)) {
            tests.add("[N] and [N, 1], labels " + form, random -> {
                Batch batch =
                        Batch.draw(example, f.spec(), form, random, N, columns).rowMask(rowWeights);
                conforms(f, batch);
                batch.columnVectors = true;
                conforms(f, batch);
            });
            if (!LossExample.weighsColumns(f.spec(), columns)) {
                continue;
            }
            tests.add("[N, K] with equal columns is [N], labels " + form, random -> {
                Batch batch =
                        Batch.draw(example, f.spec(), form, random, N, columns).rowMask(rowWeights);
                double[] each = new double[N * columns];
                Arrays.setAll(each, i -> rowWeights[i / columns]);
                if (hasLinearTargets(f.spec())) {
                    alike(
                            "[N, K] mask",
                            batch,
                            Answer.of(f, batch),
                            Answer.of(f, batch.copy().elementMask(each)));
                }
            });
            tests.add("[N, K], labels " + form, random -> {
                Batch batch = Batch.draw(example, f.spec(), form, random, N, columns);
                double[] each = new double[N * columns];
                Arrays.setAll(each, i -> i % 4 == 1 ? 0 : i / columns == 2 ? 0 : random.nextDouble());
                conforms(f, batch.elementMask(each));
            });
            tests.add("[N] for [N, K, T], labels " + form, random -> {
                Batch batch = Batch.draw(example, f.spec(), form, random, 3, columns, 2);
                Batch expected = batch.copy().rowMask(1, 1, 0.5, 0.5, 0, 0);
                Answer wanted = Answer.of(f, expected);
                for (INDArray mask : List.of(
                        Nd4j.createFromArray(1.0, 0.5, 0.0),
                        Nd4j.createFromArray(1.0, 0.5, 0.0).reshape(3, 1))) {
                    Batch.Arguments a = batch.arguments();
                    LossResult result = f.valueAndGradient(a.predictions(), a.labels(), mask);
                    Close.value("value", wanted.value(), result.value(), relation(batch) * wanted.magnitude());
                    Close.elements(
                            "gradient", wanted.gradient(), Batch.read(result.gradient(), true), columns, batch.type, 0);
                }
            });
        }
    }

    void labelsOutOfRangeAreRefused(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        if (!LabelForm.of(f.spec(), columns).contains(LabelForm.INDEX)) {
            return;
        }
        for (double bad : new double[] {columns, -1, 99, 1.5}) {
            for (int rows : new int[] {N, 3001}) {
                tests.add("label " + bad + " among " + rows, random -> {
                    Batch batch = Batch.draw(example, f.spec(), LabelForm.INDEX, random, rows, columns);
                    int row = rows - 2;
                    batch.labels[row] = bad;
                    Batch.Arguments a = batch.arguments();
                    String label = bad == Math.rint(bad) ? Long.toString((long) bad) : Double.toString(bad);
                    for (int wanted = 0; wanted < 3; wanted++) {
                        int what = wanted;
                        LossInputException e = refused(() -> ask(f, a, what));
                        requireText(e, "row " + row, label);
                        if (bad == Math.rint(bad)) {
                            requireText(e, "K = " + columns);
                        }
                    }
                });
            }
        }
        tests.add("ignored labels are not out of range", random -> {
            Batch batch = Batch.draw(example, f.spec(), LabelForm.INDEX, random, N, columns);
            batch.labels[2] = IGNORED;
            conforms(f.withIgnoreIndex(IGNORED), batch);
        });
    }

    private static double ask(LossFunction f, Batch.Arguments a, int what) {
        return switch (what) {
            case 0 -> f.value(a.predictions(), a.labels(), a.mask());
            case 1 -> f.gradient(a.predictions(), a.labels(), a.mask()).length();
            default -> f.valueAndGradient(a.predictions(), a.labels(), a.mask()).value();
        };
    }

    void softLabelsNeedNotSumToOne(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        if (!(LossExample.shape(f.spec()) instanceof SoftmaxLoss loss)) {
            return;
        }
        for (DataType type : TYPES) {
            tests.add(
                    "counts, " + type,
                    random -> conforms(
                            f,
                            Batch.draw(example, loss, LabelForm.COUNTS, random, N, columns)
                                    .type(type)));
        }
        if (!loss.logits().isIdentity()) {
            return; // margins change with the labels
        }
        tests.add("twice the labels, twice the loss", random -> {
            Batch batch = Batch.draw(example, loss, LabelForm.SOFT, random, N, columns);
            Batch twice = batch.copy();
            Arrays.setAll(twice.labels, i -> 2 * batch.labels[i]);
            Answer once = Answer.of(f, batch);
            Answer doubled = Answer.of(f, twice);
            Close.value("value", 2 * once.value(), doubled.value(), relation(batch) * doubled.magnitude());
            double[] expected = Arrays.stream(once.gradient()).map(g -> 2 * g).toArray();
            Close.elements("gradient", expected, doubled.gradient(), columns, batch.type, 0);
        });
    }

    void smoothingComesBeforeWeights(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction plain = sum(example, columns);
        if (!LossExample.isClassification(plain.spec()) || hasMargin(plain.spec())) {
            return;
        }
        double s = 0.2;
        for (LabelForm form : LabelForm.of(plain.spec(), columns)) {
            for (LossFunction f : List.of(plain, plain.withClassWeights(weights(columns)))) {
                tests.add("labels " + form + ", class weights " + f.classWeights(), random -> {
                    Batch batch = Batch.draw(example, f.spec(), form, random, N, columns);
                    Batch smooth = batch.index ? batch.oneHot() : batch.copy();
                    boolean classes = !LossExample.hasIndependentLabels(f.spec(), columns);
                    for (int r = 0; r < N; r++) {
                        int from = r * columns;
                        double sum = Arrays.stream(smooth.labels, from, from + columns)
                                .sum();
                        for (int k = from; k < from + columns; k++) {
                            smooth.labels[k] = (1 - s) * smooth.labels[k] + (classes ? s * sum / columns : s / 2);
                        }
                    }
                    alike("smoothing", batch, Answer.of(f, smooth), Answer.of(f.withLabelSmoothing(s), batch));
                });
            }
        }
    }

    private static boolean hasMargin(LossSpec spec) {
        return LossExample.shape(spec) instanceof SoftmaxLoss loss
                && loss.logits().margin() != null;
    }

    void positiveWeightsMultiplyTheYTerm(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        if (!(LossExample.shape(f.spec()) instanceof BinaryLoss)) {
            return;
        }
        PerColumn positive = PerColumn.of(weights(columns).toArray());
        for (DataType type : TYPES) {
            tests.add("formula, " + type, random -> {
                Batch batch = Batch.draw(example, f.spec(), LabelForm.SOFT, random, N, columns)
                        .type(type);
                conforms(f.withPositiveWeights(positive), batch);
                conforms(f.withPositiveWeights(PerColumn.all(3)), batch);
            });
        }
        tests.add("hard labels: weights on the positive elements", random -> {
            Batch batch = Batch.draw(example, f.spec(), LabelForm.ONE_HOT, random, N, columns);
            Answer plain = Answer.of(f, batch);
            double[] gradient = plain.gradient().clone();
            double[] terms = plain.terms().clone();
            double value = 0;
            for (int i = 0; i < terms.length; i++) {
                double weight = batch.labels[i] == 1 ? positive.at(i % columns) : 1;
                gradient[i] *= weight;
                terms[i] *= weight;
                value += terms[i];
            }
            Answer weighted = new Answer(value, gradient, terms);
            alike("positive weights", batch, weighted, Answer.of(f.withPositiveWeights(positive), batch));
        });
    }

    /** Forms of labels that do not raise the question of R3.5. */
    private static List<LabelForm> sumToOne(LossSpec spec, int columns) {
        return LabelForm.of(spec, columns).stream()
                .filter(form -> form != LabelForm.COUNTS)
                .toList();
    }
}
