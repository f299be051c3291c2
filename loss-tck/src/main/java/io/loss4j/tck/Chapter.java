package io.loss4j.tck;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.RowLoss;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the rules have in common: a loss function on the backend under test, its answers, and how they are compared. */
abstract class Chapter {
    /** Labels that are left out; no class, and no number that is drawn. */
    static final long IGNORED = -100;

    static final int N = 6;
    static final int K = 5;

    /** Column 0 counts for nothing, column 1 for one. */
    static final double[] WEIGHTS = {0, 1, 2.5, 0.3, 1.7, 0.9, 1.1};

    static final DataType[] TYPES = {DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16};

    private final String choice;

    Chapter(String choice) {
        this.choice = choice;
    }

    /** Value and gradient at once, after comparing them with each alone; and terms. */
    static Answer sameBitsAlone(LossFunction f, Batch batch) {
        Answer both = Answer.of(f, batch);
        Close.bits("value alone", both.value(), Answer.value(f, batch));
        Batch.Arguments a = batch.arguments();
        INDArray gradient = f.gradient(a.predictions(), a.labels(), a.mask());
        Close.bits("gradient alone", both.gradient(), Batch.read(gradient, true), batch.columns);
        if (!LossExample.isBatch(f.spec())) {
            LossFunction unreduced = f.withReduction(Reduction.NONE);
            double[] alone = Answer.of(unreduced, batch).terms();
            Batch.Arguments again = batch.arguments();
            INDArray terms = unreduced
                    .valueAndGradient(again.predictions(), again.labels(), again.mask())
                    .terms();
            if (terms == null) {
                throw new AssertionError("valueAndGradient has no terms under NONE");
            }
            double[] beside = Batch.read(terms, LossExample.isElementwise(f.spec()));
            Close.bits("terms beside a gradient", alone, beside, batch.columns);
        }
        return both;
    }

    /** Compares with the oracle. */
    static void conforms(LossFunction f, Batch batch) {
        agree(f, batch, Answer.of(f, batch));
    }

    /** Compares an answer with the oracle's. */
    static void agree(LossFunction f, Batch batch, Answer actual) {
        Oracle.Answer expected = Oracle.answer(f, batch);
        agree(f, batch, actual, expected, conditioning(f, batch, expected));
    }

    /** The same with a chosen tolerance beyond that of the type. */
    static void agree(LossFunction f, Batch batch, Answer actual, Oracle.Answer expected, double conditioning) {
        DataType computed = batch.type == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        Close.value(
                "value",
                expected.value(),
                actual.value(),
                Close.ofValue(computed, expected.magnitude()) + conditioning * batch.rows);
        if (!LossExample.isBatch(f.spec())) {
            double perTerm = expected.scale() == 0 ? 0 : conditioning / expected.scale();
            int columns = LossExample.isElementwise(f.spec()) ? batch.columns : 1;
            Close.elements("terms", expected.terms(), actual.terms(), columns, computed, perTerm);
        }
        double[] gradient = expected.gradient();
        if (batch.type == DataType.FLOAT16) {
            // 65520 and above round to infinity
            gradient = Arrays.stream(gradient)
                    .map(g -> Math.abs(g) >= 65520 ? Math.signum(g) * Double.POSITIVE_INFINITY : g)
                    .toArray();
        }
        Close.elements("gradient", gradient, actual.gradient(), batch.columns, batch.type, conditioning);
    }

    /** Rounding a logit of size z in the last place changes a probability by that part: no computation can do better. */
    static double conditioning(LossFunction f, Batch batch, Oracle.Answer expected) {
        double largest = Close.largest(batch.predictions);
        if (LossExample.isOverSoftmaxLogits(f.spec())) {
            LogitTransform t = Oracle.transform(f);
            largest = t.scale() * (largest + (t.bias() == null ? 0 : Close.largest(t.bias())));
        } else if (!LossExample.isClassification(f.spec())) {
            largest = Math.max(largest, Close.largest(batch.labels));
        }
        return 2 * Close.epsilon(batch.type) * largest * expected.strength();
    }

    /** Two ways to say the same; kernels may differ, so bits may. */
    static void alike(String what, Batch batch, Answer expected, Answer actual) {
        double magnitude = expected.magnitude();
        Close.value("value of " + what, expected.value(), actual.value(), relation(batch) * Math.max(magnitude, 1e-30));
        double conditioning = 10 * Close.epsilon(batch.type) * Close.largest(expected.gradient());
        Close.results(
                "gradient of " + what, expected.gradient(), actual.gradient(), batch.columns, batch.type, conditioning);
    }

    /** Tolerance of the value between two ways to say the same, relative to the sum of the absolute terms. */
    static double relation(Batch batch) {
        return batch.type == DataType.DOUBLE ? 1e-12 : 1e-5;
    }

    /** Class weights for so many columns. */
    static ClassWeights weights(int columns) {
        double[] weights = new double[columns];
        Arrays.setAll(weights, k -> columns == 1 ? 2.5 : WEIGHTS[k % WEIGHTS.length]);
        return ClassWeights.of(weights);
    }

    /** Those that the loss knows. */
    static List<Reduction> reductions(LossExample example) {
        return Stream.of(Reduction.values())
                .filter(r -> r != Reduction.NONE
                        || !LossExample.isBatch(example.spec().apply(1)))
                .toList();
    }

    /** The sum, on the backend under test. */
    LossFunction sum(LossExample example, int columns) {
        return sum(choice, example, columns);
    }

    /** With class weights, if columns can have any. */
    static LossFunction weighted(LossFunction f, int columns) {
        return LossExample.weighsColumns(f.spec(), columns) ? f.withClassWeights(weights(columns)) : f;
    }

    /** A scale, a bias per column and a margin per class, all different. */
    static LogitTransform change(int columns) {
        double[] bias = new double[columns];
        double[] margin = new double[columns];
        Arrays.setAll(bias, k -> 0.7 - 0.4 * (k % 5));
        Arrays.setAll(margin, k -> 0.2 + 0.3 * (k % 3));
        return new LogitTransform(0.8, bias, margin);
    }

    /** The function whose value has the gradient of a row: with its constants held, see {@link RowLoss#heldAt}. */
    static LossFunction held(LossFunction f, Batch batch, int row) {
        return f.spec() instanceof RowLoss loss ? f.withSpec(loss.heldAt(Oracle.changedLogits(f, batch, row))) : f;
    }

    static LossFunction sum(String choice, LossExample example, int columns) {
        return LossFunction.of(example.spec().apply(columns)).on(choice).withReduction(Reduction.SUM);
    }

    static LossInputException refused(Executable call) {
        try {
            call.execute();
        } catch (LossInputException e) {
            return e;
        } catch (BackendException e) {
            throw e; // declined, perhaps
        } catch (Throwable e) {
            throw new AssertionError("expected a LossInputException, got " + e, e);
        }
        throw new AssertionError("expected a LossInputException, but the call went through");
    }

    static void requireText(LossInputException e, String... parts) {
        String message = String.valueOf(e.getMessage());
        for (String part : parts) {
            if (!message.contains(part)) {
                throw new AssertionError("the message does not say '" + part + "': " + message);
            }
        }
    }

    static void requireFinite(String what, double... values) {
        for (double v : values) {
            if (Double.isNaN(v) || Double.isInfinite(v)) {
                throw new AssertionError(what + " is " + v + " for finite predictions");
            }
        }
    }

    static void requireNan(String what, double value) {
        if (!Double.isNaN(value)) {
            throw new AssertionError(what + " is " + value + ", expected NaN");
        }
    }

    /** Whether a row takes K * K steps. */
    static boolean isSlow(LossSpec spec, LabelForm form, int columns) {
        return LossExample.isRow(spec) && columns > 200 && form != LabelForm.INDEX && form != LabelForm.ONE_HOT;
    }

    /** A part of a test, whose failure says which part it was. */
    static void in(String circumstances, Executable part) throws Throwable {
        try {
            part.execute();
        } catch (AssertionError e) {
            throw new AssertionError(circumstances + ": " + e.getMessage(), e);
        }
    }

    /** Whether weights on targets are weights on the loss; only multiplied targets are promised to row losses. */
    static boolean hasLinearTargets(LossSpec spec) {
        return !LossExample.isRow(spec);
    }
}
