package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.loss.AbsentClasses;
import io.loss4j.loss.Activation;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LovaszHinge;
import io.loss4j.loss.LovaszSoftmax;
import io.loss4j.loss.OverlapAxis;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Lovasz losses of batches that are too large for the conformance kit, against the formula in double. */
class LovaszKernelTest {
    private static final int ROWS = 9001;
    private static final int COLUMNS = 7;

    private static final LossSpec SOFTMAX =
            new LovaszSoftmax(OverlapAxis.CLASS, AbsentClasses.SKIP, InputForm.LOGITS, Activation.SOFTMAX);
    private static final LossSpec SIGMOID =
            new LovaszSoftmax(OverlapAxis.BATCH, AbsentClasses.COUNT, InputForm.LOGITS, Activation.SIGMOID);

    private final Random random = new Random(3);

    @AfterEach
    void asManyThreadsAsBefore() {
        System.clearProperty(Crew.PROPERTY);
    }

    private static LossFunction function(LossSpec spec) {
        return LossFunction.of(spec).withReduction(Reduction.SUM).on("cpu");
    }

    /** Between two numbers, in so many steps. */
    private INDArray predictions(int rows, double low, double high, int steps) {
        float[] x = new float[rows * COLUMNS];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (low + (high - low) * random.nextInt(steps + 1) / steps);
        }
        return Nd4j.createFromArray(x).reshape(rows, COLUMNS);
    }

    private INDArray labels(int rows) {
        float[] y = new float[rows * COLUMNS];
        for (int i = 0; i < y.length; i++) {
            y[i] = random.nextInt(4) == 0 ? 1 : 0;
        }
        return Nd4j.createFromArray(y).reshape(rows, COLUMNS);
    }

    private static LossResult exact(LossFunction f, INDArray x, INDArray y) {
        return f.valueAndGradient(x.castTo(DataType.DOUBLE), y);
    }

    private static double[] elements(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    /** Steps that floats hold exactly: every error is met hundreds of times. */
    @Test
    void r2_1_equalErrorsCountInTheOrderOfTheFormula() {
        INDArray y = labels(ROWS);
        for (LossSpec loss : List.of(
                new LovaszHinge(),
                new LovaszHinge(OverlapAxis.CLASS),
                new LovaszHinge(OverlapAxis.ROW),
                new LovaszSoftmax(),
                new LovaszSoftmax(OverlapAxis.ROW, AbsentClasses.FREE, InputForm.PROBABILITIES, Activation.ANY))) {
            INDArray x = loss instanceof LovaszHinge ? predictions(ROWS, -2, 2, 64) : predictions(ROWS, 0, 1, 64);
            LossFunction weighed = function(loss).withClassWeights(ClassWeights.of(1, 2, 0, 0.5, 4, 1, 3));
            for (LossFunction f : List.of(function(loss), weighed)) {
                LossResult found = f.valueAndGradient(x, y);
                LossResult expected = exact(f, x, y);
                assertEquals(expected.value(), found.value(), 1e-6 * expected.value());
                double largest = expected.gradient().amaxNumber().doubleValue();
                assertArrayEquals(elements(expected.gradient()), elements(found.gradient()), 1e-6 * largest);
            }
        }
    }

    /** Probabilities of single precision may change the order of errors that are all but equal, no more. */
    @Test
    void r1_1_valuesOverLogitsAreThoseOfTheFormula() {
        INDArray x = predictions(ROWS, -6, 6, 1 << 20);
        INDArray y = labels(ROWS);
        for (LossSpec loss : List.of(SOFTMAX, SIGMOID)) {
            LossFunction f = function(loss);
            LossResult found = f.valueAndGradient(x, y);
            LossResult expected = exact(f, x, y);
            assertEquals(expected.value(), found.value(), 1e-6 * expected.value());
            INDArray off = found.gradient().castTo(DataType.DOUBLE).sub(expected.gradient());
            assertTrue(
                    off.norm2Number().doubleValue()
                            < 1e-3 * expected.gradient().norm2Number().doubleValue(),
                    off.norm2Number().toString());
        }
    }

    @Test
    void r4_3_theSameBitsForAnyNumberOfThreads() {
        INDArray x = predictions(ROWS, -6, 6, 1 << 20);
        INDArray y = labels(ROWS);
        for (LossSpec loss : List.of(SOFTMAX, SIGMOID, new LovaszHinge(OverlapAxis.CLASS))) {
            System.setProperty(Crew.PROPERTY, "1");
            LossResult one = function(loss).valueAndGradient(x, y);
            for (String threads : List.of("2", "7")) {
                System.setProperty(Crew.PROPERTY, threads);
                LossResult several = function(loss).valueAndGradient(x, y);
                assertEquals(one.value(), several.value());
                assertEquals(one.gradient(), several.gradient());
                assertEquals(one.value(), function(loss).value(x, y));
                assertEquals(one.gradient(), function(loss).gradient(x, y));
            }
        }
    }

    @Test
    void r1_4_oddScoresGiveWhatTheFormulaGives() {
        INDArray y = labels(20);
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE}) {
            for (LossSpec loss : List.of(new LovaszHinge(), new LovaszHinge(OverlapAxis.ROW), SIGMOID, SOFTMAX)) {
                INDArray x = predictions(20, -2, 2, 1 << 20);
                x.putScalar(4, 2, odd);
                LossResult found = function(loss).valueAndGradient(x, y);
                LossResult expected = exact(function(loss), x, y);
                String what = loss + " with " + odd;
                double tolerance = Double.isFinite(expected.value()) ? 1e-5 * Math.abs(expected.value()) : 1;
                assertEquals(expected.value(), found.value(), tolerance, what);
                assertArrayEquals(elements(expected.gradient()), elements(found.gradient()), 1e-7, what);
            }
        }
    }
}
