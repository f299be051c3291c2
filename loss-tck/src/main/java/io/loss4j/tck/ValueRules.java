package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.loss.Activation;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.SoftmaxLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** R1: values follow the formula, also at the ends of the number line. */
final class ValueRules extends Chapter {
    ValueRules(String choice) {
        super(choice);
    }

    void valuesAndGradientsFollowTheFormula(LossExample example, Tests tests) {
        for (DataType type : TYPES) {
            boolean full = type == DataType.FLOAT || type == DataType.DOUBLE;
            for (int i = 0; i < Sizes.COLUMNS.length; i += full ? 1 : 3) {
                plain(example, type, tests, Sizes.ROWS[i % Sizes.ROWS.length], Sizes.COLUMNS[i], i);
            }
        }
        if (LossExample.isElementwise(example.spec().apply(1))) {
            for (int elements : Sizes.ELEMENTS) {
                plain(example, DataType.FLOAT, tests, elements, 1, elements);
            }
        } else {
            plain(example, DataType.FLOAT, tests, 3, Sizes.VOCABULARY, 0);
            plain(example, DataType.FLOAT, tests, 5003, 3, 0);
        }
    }

    /** Forms of labels take turns. */
    private void plain(LossExample example, DataType type, Tests tests, int rows, int wanted, int turn) {
        if (wanted > example.mostColumns()) {
            return;
        }
        int columns = example.columnsNear(wanted);
        LossFunction f = sum(example, columns);
        List<LabelForm> forms = new ArrayList<>(LabelForm.of(f.spec(), columns));
        forms.remove(LabelForm.COUNTS);
        forms.removeIf(form -> isSlow(f.spec(), form, columns));
        if (forms.isEmpty()) {
            return;
        }
        LabelForm form = forms.get(turn % forms.size());
        tests.add(type + " [" + rows + ", " + columns + "], labels " + form, random -> {
            Batch batch =
                    Batch.draw(example, f.spec(), form, random, rows, columns).type(type);
            conforms(f, batch);
        });
    }

    /** What the function does to logits, for the losses that have any. */
    void changedLogitsAndZLossFollowTheFormula(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction plain = sum(example, columns);
        if (!LossExample.isOverSoftmaxLogits(plain.spec())) {
            return;
        }
        LossFunction changed = plain.withLogits(change(columns));
        for (LossFunction f : List.of(changed, plain.withZLoss(0.1), changed.withZLoss(0.1))) {
            for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
                tests.add(type + ", logits " + f.logits() + ", z-loss " + f.zLoss(), random -> {
                    LabelForm form = LabelForm.of(f.spec(), columns).get(0);
                    conforms(
                            f,
                            Batch.draw(example, f.spec(), form, random, N, columns)
                                    .type(type));
                });
            }
        }
    }

    void extremesStayFiniteAndKeepTheirGradient(LossExample example, Tests tests) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            double huge = type == DataType.FLOAT ? 1e4 : 1e30;
            for (int wanted : new int[] {1, 2, 5}) {
                if (wanted > example.mostColumns()) {
                    continue;
                }
                int columns = example.columnsNear(wanted);
                LossFunction f = sum(example, columns);
                tests.add(type + " up to " + huge + ", " + columns + " columns", random -> {
                    Batch batch = extremes(example, f.spec(), random, columns, huge);
                    Answer answer = Answer.of(f, batch.type(type));
                    requireFinite("value", answer.value());
                    requireFinite("gradient", answer.gradient());
                    Oracle.Answer expected = Oracle.answer(f, batch);
                    // no allowance for the size of the logits: they are far apart
                    agree(f, batch, answer, expected, 0x1p-52 * expected.strength());
                });
            }
        }
        for (DataType type : List.of(DataType.FLOAT16, DataType.BFLOAT16)) {
            tests.add(type + " up to 1e4", random -> halvesOverflowOnlyWhereTheirNumbersEnd(example, type, random));
        }
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            tests.add(type + ", subnormal", random -> subnormalsGiveNumbers(example, type, random));
        }
        tests.add("one class only", random -> oneClassOnly(example, random));
        LossFunction f = sum(example, example.columnsNear(2));
        if (example.predictions().equals(Range.REALS) && !LossExample.isBatch(f.spec())) {
            for (double x : new double[] {-1e4, -100, -30, -20, -12, 12, 20, 30, 100, 1e4}) {
                tests.add("gradient at " + x, random -> gradientIsNotLost(example, f, random, x));
            }
        }
    }

    /** What is computed in float is only rounded: a gradient is infinite where the exact one is beyond 65504, never NaN. */
    private void halvesOverflowOnlyWhereTheirNumbersEnd(LossExample example, DataType type, Random random) {
        int columns = example.columnsNear(3);
        LossFunction f = sum(example, columns);
        Batch batch = extremes(example, f.spec(), random, columns, 1e4).type(type);
        Answer answer = Answer.of(f, batch);
        requireFinite("value", answer.value());
        Oracle.Answer expected = Oracle.answer(f, batch);
        agree(f, batch, answer, expected, conditioning(f, batch, expected));
    }

    /** Every label the first class, and columns of nothing but 0 and of nothing but 1: also where there is one column. */
    private void oneClassOnly(LossExample example, Random random) {
        for (int wanted : new int[] {1, K}) {
            int columns = example.columnsNear(Math.min(wanted, example.mostColumns()));
            LossFunction f = sum(example, columns);
            boolean classes = LossExample.takesClasses(f.spec());
            LabelForm form = LabelForm.of(f.spec(), columns).get(0);
            Batch batch = Batch.draw(example, f.spec(), form, random, N, columns);
            for (int others : classes ? new int[] {0} : new int[] {0, 1}) {
                Arrays.setAll(batch.labels, i -> batch.index ? 0 : i % batch.labelColumns == 0 ? 1 : others);
                finite(f, batch);
            }
            if (!classes) {
                Arrays.fill(batch.labels, 0);
                finite(f, batch);
            }
        }
    }

    private static void finite(LossFunction f, Batch batch) {
        Answer answer = Answer.of(f, batch);
        requireFinite("value", answer.value());
        requireFinite("gradient", answer.gradient());
        agree(f, batch, answer);
    }

    /** Logarithms and reciprocals of the smallest numbers may be too large for the type, but they are no NaN. */
    private void subnormalsGiveNumbers(LossExample example, DataType type, Random random) {
        int columns = example.columnsNear(3);
        LossFunction f = sum(example, columns);
        LabelForm form = LabelForm.of(f.spec(), columns).get(0);
        Batch batch = Batch.draw(example, f.spec(), form, random, N, columns).type(type);
        double[] tiny = type == DataType.FLOAT
                ? new double[] {Float.MIN_VALUE, 1e-42, 0}
                : new double[] {Double.MIN_VALUE, 1e-310, 0};
        Range range = example.predictions();
        for (int i = 0; i < batch.predictions.length; i++) {
            double size = tiny[i % tiny.length] * (i % 2 == 0 ? 1 : -1);
            batch.predictions[i] = Math.max(range.low(), Math.min(range.high(), size));
        }
        Answer answer = Answer.of(f, batch);
        if (Double.isNaN(answer.value()) || Arrays.stream(answer.gradient()).anyMatch(Double::isNaN)) {
            throw new AssertionError("NaN from subnormal predictions: value " + answer.value() + ", gradient "
                    + Arrays.toString(answer.gradient()));
        }
    }

    /** Rows with one huge, one hugely negative and otherwise moderate predictions, every label in turn. */
    private static Batch extremes(LossExample example, LossSpec spec, Random random, int columns, double huge) {
        int rows = 4 * columns;
        LabelForm form = LabelForm.of(spec, columns).get(0);
        Batch batch = Batch.draw(example, spec, form, random, rows, columns);
        Range range = example.predictions();
        double[] moderate = {20, -20, 0};
        boolean reals = range.equals(Range.REALS);
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < columns; k++) {
                int turn = (r + k) % Math.max(2, columns);
                double other =
                        reals ? moderate[(k + r) % moderate.length] + 0.5 * k : batch.predictions[r * columns + k];
                batch.predictions[r * columns + k] =
                        turn == 0 ? range.highest(huge) : turn == 1 ? range.lowest(huge) : other;
            }
            if (batch.index) {
                batch.labels[r] = r / 4;
            }
        }
        return batch;
    }

    /** The slope of the value over a hundredth of x must not be more than twice the gradient. */
    private void gradientIsNotLost(LossExample example, LossFunction f, Random random, double x) {
        int columns = example.columnsNear(2);
        for (int label = 0; label < 2; label++) {
            LabelForm form = LabelForm.of(f.spec(), columns).get(0);
            Batch batch = Batch.draw(example, f.spec(), form, random, 1, columns);
            Arrays.fill(batch.predictions, 0);
            if (form != LabelForm.VALUES) {
                batch = batch.index ? batch : batch.copy();
                Arrays.fill(batch.labels, label);
            }
            batch.predictions[0] = x;
            double gradient = Answer.reduced(f, batch).gradient()[0];
            LossFunction held = held(f, batch, 0);
            double step = Math.abs(x) / 100;
            batch.predictions[0] = x + step;
            double above = Answer.value(held, batch);
            batch.predictions[0] = x - step;
            double slope = (above - Answer.value(held, batch)) / (2 * step);
            if (!(Math.abs(gradient) >= Math.abs(slope) / 2 - 1e-9)) {
                throw new AssertionError("gradient at x = " + x + ", label " + label + " is " + gradient
                        + ", but the value changes by " + slope + " per unit there");
            }
        }
    }

    void minusInfinityIsProbabilityZero(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        boolean softmax = LossExample.isOverSoftmaxLogits(f.spec()) && columns > 1;
        boolean binary = LossExample.shape(f.spec()) instanceof BinaryLoss loss && loss.input() == InputForm.LOGITS;
        if (LossExample.isOverlapOfLogits(f.spec())) {
            for (DataType type : TYPES) {
                tests.add(type + ", overlap", random -> impossibleInOverlap(example, type, random));
            }
            return;
        }
        for (DataType type : TYPES) {
            if (softmax) {
                for (LabelForm form : List.of(LabelForm.INDEX, LabelForm.ONE_HOT)) {
                    tests.add(type + ", labels " + form, random -> {
                        Batch batch = Batch.draw(example, f.spec(), LabelForm.INDEX, random, N, columns)
                                .type(type);
                        // row 0: every class but the label; the others: one class that is not the label
                        for (int r = 0; r < N; r++) {
                            for (int k = 0; k < columns; k++) {
                                int distance = Math.floorMod(k - (int) batch.labels[r], columns);
                                if (r == 0 && distance > 0 || distance == 1) {
                                    batch.predictions[r * columns + k] = Double.NEGATIVE_INFINITY;
                                }
                            }
                        }
                        impossibleClasses(f, form == LabelForm.INDEX ? batch : batch.oneHot());
                    });
                }
            } else if (binary) {
                tests.add(type + ", right for certain", random -> {
                    Batch batch = Batch.draw(example, f.spec(), LabelForm.ONE_HOT, random, N, columns)
                            .type(type);
                    for (int i = 0; i < batch.predictions.length; i += 2) {
                        batch.predictions[i] =
                                batch.labels[i] == 1 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
                    }
                    impossibleClasses(f, batch);
                });
            }
        }
    }

    /** Probabilities of exactly 0, and of exactly 1 out of a sigmoid, count as such and do not move. */
    private void impossibleInOverlap(LossExample example, DataType type, Random random) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        boolean sigmoid = f.spec().activation() == Activation.SIGMOID;
        for (LabelForm form : LabelForm.of(f.spec(), columns)) {
            Batch batch =
                    Batch.draw(example, f.spec(), form, random, N, columns).type(type);
            for (int i = 0; i < batch.predictions.length; i++) {
                int turn = (i + i / columns) % columns; // never a whole row
                if (turn < 2 && columns > 1 && (turn == 0 || columns > 2 || sigmoid)) {
                    batch.predictions[i] = turn == 1 && sigmoid ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
                }
            }
            impossibleClasses(f, batch);
        }
    }

    private void impossibleClasses(LossFunction f, Batch batch) {
        Answer answer = Answer.of(f, batch);
        requireFinite("value", answer.value());
        for (int i = 0; i < answer.gradient().length; i++) {
            if (Double.isInfinite(batch.predictions[i]) && answer.gradient()[i] != 0) {
                throw new AssertionError("gradient of a prediction of " + batch.predictions[i] + " is "
                        + answer.gradient()[i] + ", expected 0");
            }
        }
        agree(f, batch, answer);
    }

    void nanStaysInItsRow(LossExample example, Tests tests) {
        int columns = example.columnsNear(K);
        LossFunction f = sum(example, columns);
        for (DataType type : TYPES) {
            for (int rows : new int[] {3, 37}) {
                tests.add(type + ", " + rows + " rows", random -> {
                    LabelForm form = LabelForm.of(f.spec(), columns).get(0);
                    Batch clean = Batch.draw(example, f.spec(), form, random, rows, columns)
                            .type(type);
                    Batch spoilt = clean.copy();
                    int bad = rows / 2;
                    int column = random.nextInt(columns);
                    nanStays(f, clean, spoilt, bad, column);
                });
            }
        }
    }

    private void nanStays(LossFunction f, Batch clean, Batch spoilt, int bad, int column) {
        int columns = clean.columns;
        boolean softmax = LossExample.shape(f.spec()) instanceof SoftmaxLoss loss && loss.input() == InputForm.LOGITS;
        if (LossExample.shape(f.spec()) instanceof SoftmaxLoss && !softmax && spoilt.index) {
            // one log-probability does not enter the terms of the other classes
            column = (int) spoilt.labels[bad];
        }
        spoilt.predictions[bad * columns + column] = Double.NaN;
        Answer before = Answer.of(f, clean);
        Answer after = Answer.of(f, spoilt);
        requireNan("value", after.value());
        if (LossExample.isBatch(f.spec())) {
            return;
        }
        // Kernels may shift a whole tile by its maximum, so that bits may change but not numbers.
        Answer beside = new Answer(0, after.gradient().clone(), after.terms().clone());
        int perRow = before.terms().length / clean.rows;
        for (int i = bad * perRow; i < (bad + 1) * perRow; i++) {
            if (perRow == 1 || i % perRow == column) {
                requireNan("term of the row with NaN", after.terms()[i]);
            }
            beside.terms()[i] = before.terms()[i];
        }
        for (int i = bad * columns; i < (bad + 1) * columns; i++) {
            if (softmax && columns > 1) {
                requireNan("gradient of the row with NaN", after.gradient()[i]);
            }
            beside.gradient()[i] = before.gradient()[i];
        }
        DataType computed = clean.type == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        double conditioning = conditioning(f, clean, Oracle.answer(f, clean));
        Close.elements("terms beside a row with NaN", before.terms(), beside.terms(), perRow, computed, conditioning);
        Close.results(
                "gradient beside a row with NaN",
                before.gradient(),
                beside.gradient(),
                columns,
                clean.type,
                conditioning);
    }
}
