package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** R4: what the sum is divided by, and that it is the same sum every time. */
final class ReductionRules extends Chapter {
    ReductionRules(String choice) {
        super(choice);
    }

    void reductionsDivideTheSum(LossExample example, Tests tests) {
        int columns = example.columnsNear(3);
        LossFunction plain = sum(example, columns);
        for (Option option : Option.of(plain.spec(), columns)) {
            tests.add(option.toString(), random -> {
                LossFunction sum = option.set(plain, columns);
                LabelForm form = option.form(plain.spec(), columns);
                Batch batch = Batch.draw(example, plain.spec(), form, random, N, columns);
                option.set(batch, random);
                Answer whole = Answer.of(sum, batch);
                for (Reduction reduction : reductions(example)) {
                    LossFunction f = sum.withReduction(reduction);
                    in(reduction.name(), () -> divided(f, batch, whole, Oracle.denominator(f, batch)));
                }
            });
        }
    }

    private void divided(LossFunction f, Batch batch, Answer sum, double denominator) {
        if (LossExample.isSum(f.spec())) {
            conforms(f, batch); // each part has a denominator of its own
            return;
        }
        Answer reduced = Answer.of(f, batch);
        double scale = denominator == 0 ? 0 : 1 / denominator;
        Close.value(
                "value under " + f.reduction(),
                sum.value() * scale,
                reduced.value(),
                relation(batch) * sum.magnitude() * scale);
        double[] expected = Arrays.stream(sum.gradient()).map(g -> g * scale).toArray();
        Close.elements("gradient under " + f.reduction(), expected, reduced.gradient(), batch.columns, batch.type, 0);
        if (!LossExample.isBatch(f.spec())) {
            Close.bits("terms under " + f.reduction(), sum.terms(), reduced.terms(), 1);
            Close.value(
                    "sum of the terms",
                    sum.value(),
                    Arrays.stream(sum.terms()).sum(),
                    relation(batch) * sum.magnitude());
            perRowIsSumOfTerms(f, batch, sum);
        }
    }

    private void perRowIsSumOfTerms(LossFunction f, Batch batch, Answer sum) {
        Batch.Arguments a = batch.arguments();
        INDArray perRow = f.perRow(a.predictions(), a.labels(), a.mask());
        double[] rows = Batch.read(perRow, false);
        int each = sum.terms().length / batch.rows;
        for (int r = 0; r < batch.rows; r++) {
            double expected =
                    Arrays.stream(sum.terms(), r * each, (r + 1) * each).sum();
            Close.value("perRow of row " + r, expected, rows[r], 10 * relation(batch) * sum.magnitude());
        }
    }

    void meanOverNothingIsZero(LossExample example, Tests tests) {
        int fewest = example.columnsNear(1);
        meanOverNothingIsZero(example, tests, example.columnsNear(K), reductions(example));
        meanOverNothingIsZero(example, tests, fewest, List.of(Reduction.WEIGHTED_MEAN));
    }

    private void meanOverNothingIsZero(LossExample example, Tests tests, int columns, List<Reduction> reductions) {
        String which = ", " + columns + " columns";
        LossFunction plain = sum(example, columns);
        LabelForm form = LabelForm.of(plain.spec(), columns).get(0);
        for (Reduction reduction : reductions) {
            LossFunction f = plain.withReduction(reduction);
            tests.add("all masked, " + reduction + which, random -> {
                for (DataType type : TYPES) {
                    Batch batch = Batch.draw(example, f.spec(), form, random, N, columns)
                            .type(type);
                    in(type + ", rows", () -> nothing(f, batch.rowMask(new double[N])));
                    if (LossExample.weighsColumns(f.spec(), columns)) {
                        in(type + ", elements", () -> nothing(f, batch.elementMask(new double[N * columns])));
                    }
                }
            });
            boolean ignorable = form == LabelForm.INDEX
                    || !LossExample.takesClasses(f.spec())
                    || LossExample.hasIndependentLabels(f.spec(), columns);
            if (ignorable && Option.IGNORED_LABELS.fits(f.spec(), columns)) {
                tests.add("all ignored, " + reduction + which, random -> {
                    Batch batch = Batch.draw(example, f.spec(), form, random, N, columns);
                    Arrays.fill(batch.labels, IGNORED);
                    nothing(f.withIgnoreIndex(IGNORED), batch);
                });
            }
        }
    }

    private void nothing(LossFunction f, Batch batch) {
        Answer answer = Answer.of(f, batch);
        Close.value("value of nothing", 0, answer.value(), 0);
        for (double g : answer.gradient()) {
            Close.value("gradient of nothing", 0, g, 0);
        }
        for (double t : answer.terms()) {
            Close.value("term of nothing", 0, t, 0);
        }
    }

    void sameBitsForAnyNumberOfThreads(LossExample example, Tests tests) {
        int columns = example.columnsNear(17);
        LossFunction f = sum(example, columns).withReduction(Reduction.MEAN);
        LabelForm form = LabelForm.of(f.spec(), columns).get(0);
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            tests.add(
                    type + " [4999, " + columns + "]",
                    random -> sameBits(
                            f,
                            Batch.draw(example, f.spec(), form, random, 4999, columns)
                                    .type(type)));
        }
        if (example.mostColumns() > Sizes.VOCABULARY && !LossExample.isElementwise(f.spec())) {
            int vocabulary = example.columnsNear(Sizes.VOCABULARY);
            LossFunction wide = sum(example, vocabulary);
            LabelForm ofWide = LabelForm.of(wide.spec(), vocabulary).get(0);
            tests.add(
                    "FLOAT [3, " + vocabulary + "]",
                    random -> sameBits(
                            wide,
                            Batch.draw(example, wide.spec(), ofWide, random, 3, vocabulary)
                                    .type(DataType.FLOAT)));
        }
    }

    /** The property is read at every call, or the backend does not know it; then calls are merely repeated. */
    private void sameBits(LossFunction f, Batch batch) throws Throwable {
        Batch.Arguments a = batch.arguments();
        String backend = f.resolve(a.predictions(), a.labels(), a.mask()).chosen();
        String property = "loss4j." + backend + ".threads";
        String before = System.getProperty(property);
        try {
            System.setProperty(property, "1");
            Answer first = Answer.of(f, batch);
            for (int threads : new int[] {2, 3, 1}) {
                System.setProperty(property, Integer.toString(threads));
                Answer again = Answer.reduced(f, batch);
                in(threads + " threads", () -> {
                    Close.bits("value", first.value(), again.value());
                    Close.bits("gradient", first.gradient(), again.gradient(), batch.columns);
                });
            }
            isSumInDouble(f, batch, first);
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }

    /** Rounding each term to float costs 6e-8 at most; a sum in float of so many terms would cost more. */
    private static void isSumInDouble(LossFunction f, Batch batch, Answer answer) {
        if (answer.terms().length > 0) {
            Answer whole = Answer.of(f.withReduction(Reduction.SUM), batch);
            double scale = 1 / Oracle.denominator(f, batch);
            double sum = Arrays.stream(whole.terms()).sum();
            Close.value(
                    "value, as a sum of terms in double",
                    sum * scale,
                    answer.value(),
                    1e-7 * whole.magnitude() * scale);
        }
    }
}
