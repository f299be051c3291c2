package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.TestBackends;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.WeightedSum;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What reaches a backend, and what is refused before. */
class LoweringTest {
    private static final LossSpec SOFTMAX = new SoftmaxCrossEntropy();
    private static final LossSpec SIGMOID = new SigmoidCrossEntropy();
    private static final LossSpec SQUARES = new MeanSquaredError();

    private static LossFunction function(LossSpec spec) {
        return LossFunction.of(spec).on("recording");
    }

    private static INDArray floats(long... shape) {
        return Nd4j.zeros(DataType.FLOAT, shape);
    }

    private static LossJob job(LossFunction function, INDArray x, INDArray y, INDArray mask) {
        function.value(x, y, mask);
        return TestBackends.lastJob();
    }

    private static LossInputException refused(String code, Executable call) {
        LossInputException e = assertThrows(LossInputException.class, call);
        assertEquals(code, e.code());
        assertTrue(e.getMessage().startsWith(code + " "), e.getMessage());
        assertTrue(e.getMessage().matches("(?s).*; .+\\."), "no remedy: " + e.getMessage());
        return e;
    }

    private static void refusedWith(String code, String part, Executable call) {
        String message = refused(code, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void r9_theMessageOfWrongLabels() {
        LossInputException e = refused("L4J-S02", () -> function(SOFTMAX).value(floats(32, 12), floats(32, 10)));
        assertEquals(
                "L4J-S02 softmax_cross_entropy: labels have 10 columns but predictions have 12 (shapes: labels [32, 10],"
                        + " predictions [32, 12]); use one-hot labels with one column per output, or a column of class"
                        + " indices.",
                e.getMessage());
    }

    @Test
    void r9_labelsOfOtherShapesAreRefused() {
        refusedWith(
                "L4J-S02",
                "labels have 5 rows but predictions have 4 (shapes: labels [5, 3], predictions [4, 3])",
                () -> function(SOFTMAX).value(floats(4, 3), floats(5, 3)));
        refusedWith("L4J-S02", "labels have 5 rows but", () -> function(SOFTMAX).value(floats(4, 3), floats(5)));
        refusedWith(
                "L4J-S02",
                "labels do not fit predictions (shapes: labels [4, 3, 2], predictions [4, 3])",
                () -> function(SOFTMAX).value(floats(4, 3), floats(4, 3, 2)));
        refusedWith(
                "L4J-S02",
                "shapes: labels [4, 6], predictions [4, 3, 5]",
                () -> function(SOFTMAX).value(floats(4, 3, 5), floats(4, 6)));
        refusedWith("L4J-S02", "shapes: labels [1, 4]", () -> function(SOFTMAX).value(floats(4, 3), floats(1, 4)));
        refusedWith("L4J-S02", "shapes: labels []", () -> function(SQUARES).value(floats(4, 3), Nd4j.scalar(1f)));
    }

    @Test
    void partsOfASumAreScaledAndReducedByThemselves() {
        LossFunction sum = function(new Scaled(3, new MeanSquaredError(true)));
        assertEquals(3.0 / 4 / 8, job(sum, floats(2, 4), floats(2, 4), null).scale(), 1e-15);
        assertEquals(SQUARES, TestBackends.lastJob().spec());
        LossFunction both = function(new WeightedSum(List.of(SQUARES, new MultiMargin()), PerColumn.of(1.0, 5)));
        assertEquals(5.0 / 2, job(both, floats(2, 4), floats(2, 4), null).scale(), 1e-15);
        assertEquals(new MultiMargin(), TestBackends.lastJob().spec());
        refusedWith("L4J-P07", "no sum of terms", () -> both.terms(floats(2, 4), floats(2, 4), null));
        refusedWith("L4J-P07", "no sum of terms", () -> both.withReduction(Reduction.NONE));
        assertEquals(2, both.perRow(floats(2, 4), floats(2, 4), null).length());
        LossFunction batch = function(new WeightedSum(SQUARES, new FMeasure()));
        refusedWith("L4J-P07", "whole batch", () -> batch.perRow(floats(2, 2), floats(2, 2), null));
        refusedWith("L4J-P06", "whole batch", () -> batch.withReduction(Reduction.NONE));
    }

    @Test
    void changesOfLogitsAreJoined() {
        LogitTransform priors = LogitTransform.priors(PerColumn.of(9L, 1L), 1);
        PerColumn counts = PerColumn.of(16L, 1L);
        LossFunction f = function(new Ldam(counts)).withLogits(priors);
        assertEquals(
                priors.then(new Ldam(counts).logits()),
                job(f, floats(4, 2), floats(4), null).logits());
        refusedWith(
                "L4J-S04",
                "made for 2 columns but predictions have 3",
                () -> function(SOFTMAX).withLogits(priors).value(floats(4, 3), floats(4)));
        refusedWith("L4J-P06", "changed logits are for", () -> function(SIGMOID).withLogits(priors));
    }

    /** Two predictions for every label. */
    private record Halves() implements RowLoss {
        @Override
        public double evaluate(double[] predictions, double[] targets, double[] gradient) {
            return 0;
        }

        @Override
        public boolean classification() {
            return false;
        }

        @Override
        public int labelColumns(int columns) {
            return columns / 2;
        }

        @Override
        public LossType<?> type() {
            return MeanSquaredError.TYPE;
        }
    }

    @Test
    void labelsMayHaveAnotherWidth() {
        LossFunction halves = function(new Halves());
        assertEquals(
                2, job(halves, floats(3, 4), floats(3, 2), null).labels().rows().columns());
        assertEquals(
                1, job(halves, floats(3, 2), floats(3), null).labels().rows().columns());
        assertEquals(
                2,
                job(halves, floats(3, 4, 5), floats(3, 2, 5), floats(3, 1, 5))
                        .labels()
                        .rows()
                        .columns());
        refusedWith(
                "L4J-S02",
                "shapes: labels [3, 4], predictions [3, 4]), expected labels [3, 2]",
                () -> halves.value(floats(3, 4), floats(3, 4)));
        refusedWith("L4J-P06", "masks of elements", () -> halves.value(floats(3, 4), floats(3, 2), floats(3, 4)));
        refusedWith(
                "L4J-P06",
                "class weights",
                () -> halves.withClassWeights(ClassWeights.of(1, 2, 3, 4)).value(floats(3, 4), floats(3, 2)));
    }

    @Test
    void classIndicesAreForClassesOnly() {
        for (LossSpec spec : List.of(SIGMOID, SQUARES, new FMeasure())) {
            refusedWith(
                    "L4J-S02",
                    "use labels of the shape of the predictions",
                    () -> function(spec).value(floats(4, 2), floats(4, 1)));
            refused("L4J-S02", () -> function(spec).value(floats(4, 2), floats(4)));
        }
        assertTrue(job(function(new MultiMargin()), floats(4, 3), floats(4), null)
                .labels()
                .index());
    }

    @Test
    void r5_1_labelsAreRecognisedByShape() {
        for (long[][] shapes : new long[][][] {
            {{4, 3}, {4}},
            {{4, 3}, {4, 1}},
            {{4, 3, 5}, {4, 5}},
            {{4, 3, 5}, {4, 1, 5}},
            {{4, 3, 5, 2}, {4, 5, 2}},
            {{1, 3}, {1}},
            {{1, 3}, {1, 1}},
            {{1, 3, 1}, {1, 1}}
        }) {
            LossJob job = job(function(SOFTMAX), floats(shapes[0]), floats(shapes[1]), null);
            assertTrue(job.labels().index(), Arrays.deepToString(shapes));
            assertEquals(1, job.labels().rows().columns());
            assertEquals(job.predictions().rows(), job.labels().rows().rows());
        }
        for (long[][] shapes : new long[][][] {
            {{4, 3}, {4, 3}},
            {{4, 3, 5}, {4, 3, 5}},
            {{4, 1}, {4, 1}},
            {{4, 1}, {4}},
            {{4}, {4}},
            {{4, 1, 5}, {4, 5}},
            {{1, 1}, {1, 1}}
        }) {
            LossJob job = job(function(SIGMOID), floats(shapes[0]), floats(shapes[1]), null);
            assertFalse(job.labels().index(), Arrays.deepToString(shapes));
            assertEquals(job.predictions().elements(), job.labels().rows().elements());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"INT", "LONG", "BOOL", "UBYTE", "UTF8"})
    void predictionsAreFloatingPoint(DataType type) {
        INDArray x = type == DataType.UTF8
                ? Nd4j.create("a", "b")
                : Nd4j.zeros(DataType.FLOAT, 2).castTo(type);
        refusedWith(
                "L4J-S01",
                "predictions have type " + type,
                () -> function(SQUARES).value(x, floats(2)));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"INT", "LONG", "BOOL", "UBYTE", "SHORT", "DOUBLE", "HALF", "BFLOAT16", "UINT32"})
    void r5_2_labelsAndMasksMayHaveAnyNumericType(DataType type) {
        INDArray y = Nd4j.ones(DataType.FLOAT, 4, 1).castTo(type);
        assertEquals(4, 1 / function(SOFTMAX).value(floats(4, 3), y, y), 1e-15);
    }

    @Test
    void textIsNoNumber() {
        INDArray text = Nd4j.create("a", "b");
        refusedWith("L4J-S01", "labels have type UTF8", () -> function(SOFTMAX).value(floats(2, 3), text));
        refusedWith("L4J-S01", "mask have type UTF8", () -> function(SOFTMAX).value(floats(2, 3), floats(2), text));
    }

    @Test
    void aScalarIsNoBatch() {
        refusedWith("L4J-S01", "shapes", () -> function(SQUARES).value(Nd4j.scalar(1f), Nd4j.scalar(1f)));
    }

    @Test
    void r9_masksOfOtherShapesAreRefused() {
        refusedWith(
                "L4J-S03",
                "shapes: mask [3], predictions [4, 3]",
                () -> function(SOFTMAX).value(floats(4, 3), floats(4), floats(3)));
        refusedWith(
                "L4J-S03", "shapes: mask [4, 2]", () -> function(SOFTMAX).value(floats(4, 3), floats(4), floats(4, 2)));
    }

    @Test
    void r9_parametersOfAnotherNumberOfColumnsAreRefused() {
        for (LossSpec spec :
                List.of(new Ldam(PerColumn.of(1L, 2L)), new SoftmaxFocal(PerColumn.of(1L, 2L), InputForm.LOGITS))) {
            refusedWith(
                    "L4J-S04",
                    "shapes: parameters [2], predictions [N, 3]",
                    () -> function(spec).value(floats(4, 3), floats(4)));
            job(function(spec), floats(4, 2), floats(4), null);
        }
    }

    @Test
    void r3_1_oneWeightPerColumn() {
        refusedWith(
                "L4J-W02",
                "2 class weights for predictions with 3 columns (shapes: weights [2]",
                () -> function(SOFTMAX).withClassWeights(ClassWeights.of(1, 2)).value(floats(4, 3), floats(4)));
        refusedWith(
                "L4J-W02",
                "2 positive weights for predictions with 3 columns",
                () -> function(SIGMOID)
                        .withPositiveWeights(PerColumn.of(1L, 2L))
                        .value(floats(4, 3), floats(4, 3)));
        LossFunction one = function(SIGMOID).withPositiveWeights(PerColumn.all(7));
        assertEquals(
                "[7.0, 7.0, 7.0]",
                Arrays.toString(
                        job(one, floats(4, 3), floats(4, 3), null).weights().positive()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void r3_1_positiveWeightsAreFiniteAndNotNegative(double bad) {
        refusedWith(
                "L4J-W01",
                "a positive weight is " + bad,
                () -> function(SIGMOID).withPositiveWeights(PerColumn.of(1, bad)));
        refused("L4J-P06", () -> function(SOFTMAX).withZLoss(bad));
        refused("L4J-P06", () -> function(SOFTMAX).withLabelSmoothing(bad == Double.POSITIVE_INFINITY ? 1.01 : bad));
    }

    @Test
    void noPositiveWeightsAtAllAreRefused() {
        refused("L4J-W01", () -> function(SIGMOID).withPositiveWeights(PerColumn.of(new double[0])));
    }

    @Test
    void optionsThatALossHasNoUseForAreRefusedWhenTheyAreSet() {
        refused("L4J-P06", () -> function(SQUARES).withLabelSmoothing(0.1));
        refused("L4J-P06", () -> function(SOFTMAX).withPositiveWeights(PerColumn.all(2)));
        refused("L4J-P06", () -> function(SIGMOID).withZLoss(0.1));
        refused("L4J-P06", () -> function(new CrossEntropy()).withZLoss(0.1));
        refused("L4J-P06", () -> function(new FMeasure()).withReduction(Reduction.NONE));
        function(SOFTMAX).withZLoss(1e-4).withLabelSmoothing(0.1);
        function(new MultiMargin()).withLabelSmoothing(0.1);
        function(new FMeasure()).withLabelSmoothing(0.1);
    }

    @Test
    void aLossOfTheBatchHasNoTerms() {
        LossFunction f = function(new FMeasure());
        refused("L4J-P07", () -> f.terms(floats(4, 1), floats(4, 1)));
        refused("L4J-P07", () -> f.perRow(floats(4, 1), floats(4, 1)));
    }

    @Test
    void optionsReachTheBackend() {
        LossFunction f = function(SOFTMAX)
                .withClassWeights(ClassWeights.of(1, 2, 3))
                .withLabelSmoothing(0.2)
                .withIgnoreIndex(-7)
                .withZLoss(1e-3);
        LossJob job = job(f, floats(4, 3), floats(4), floats(4, 1));
        assertEquals(SOFTMAX, job.spec());
        assertEquals(0.2, job.labels().smoothing());
        assertEquals(OptionalLong.of(-7), job.labels().ignored());
        assertEquals(1e-3, job.zLoss());
        assertEquals("[1.0, 2.0, 3.0]", Arrays.toString(job.weights().columns()));
        assertNull(job.weights().positive());
        assertTrue(job.weights().hasRowMask());
        assertFalse(job.weights().hasElementMask());
        assertEquals(12, job.elements());
        LossJob plain = job(function(SOFTMAX), floats(4, 3), floats(4), null);
        assertNull(plain.weights().columns());
        assertNull(plain.weights().mask());
        assertTrue(job(function(SOFTMAX), floats(4, 3), floats(4), floats(4, 3))
                .weights()
                .hasElementMask());
    }

    @Test
    void onlyWhatIsWantedIsAskedFor() {
        LossFunction f = function(SOFTMAX);
        INDArray x = floats(4, 3, 5);
        INDArray y = floats(4, 5);
        f.value(x, y);
        LossJob job = TestBackends.lastJob();
        assertTrue(job.outputs().value());
        assertNull(job.outputs().gradient());
        assertNull(job.outputs().terms());
        f.gradient(x, y);
        job = TestBackends.lastJob();
        assertFalse(job.outputs().value());
        assertEquals(4 * 5, job.outputs().gradient().rows());
        assertNull(job.outputs().terms());
        f.valueAndGradient(x, y);
        job = TestBackends.lastJob();
        assertTrue(job.outputs().value());
        assertEquals(3, job.outputs().gradient().columns());
        f.perRow(x, y);
        job = TestBackends.lastJob();
        assertFalse(job.outputs().value());
        assertNull(job.outputs().gradient());
        assertEquals(20, job.outputs().terms().rows());
        assertEquals(1, job.outputs().terms().columns());
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
    void r2_3_gradientsHaveTypeAndShapeOfThePredictionsAndAreFresh(DataType type) {
        for (long[] shape : new long[][] {{4}, {4, 3}, {1, 1}, {4, 3, 5}, {2, 3, 4, 5}}) {
            for (char order : new char[] {'c', 'f'}) {
                INDArray x = Nd4j.create(type, shape, order);
                INDArray gradient = function(SQUARES).gradient(x, x);
                assertEquals(type, gradient.dataType());
                assertEquals(Arrays.toString(shape), Arrays.toString(gradient.shape()));
                assertEquals(order, gradient.ordering());
                assertNotSame(x.data(), gradient.data());
                assertNotSame(gradient, function(SQUARES).gradient(x, x));
            }
        }
    }

    @Test
    void shapesAndTypesOfTerms() {
        INDArray half = Nd4j.zeros(DataType.BFLOAT16, 4, 3, 5);
        INDArray terms = function(SOFTMAX).terms(half, floats(4, 5));
        assertEquals("[4, 5]", Arrays.toString(terms.shape()));
        assertEquals(DataType.FLOAT, terms.dataType());
        assertEquals(
                "[4, 3, 5]", Arrays.toString(function(SQUARES).terms(half, half).shape()));
        assertEquals(
                "[4, 5]", Arrays.toString(function(SQUARES).perRow(half, half).shape()));
        INDArray wide = Nd4j.zeros(DataType.DOUBLE, 4, 3);
        assertEquals(DataType.DOUBLE, function(SQUARES).terms(wide, wide).dataType());
        assertEquals(
                "[4]", Arrays.toString(function(SOFTMAX).terms(wide, floats(4)).shape()));
        LossResult reduced = function(SOFTMAX).valueAndGradient(wide, floats(4));
        assertNull(reduced.terms());
        LossResult unreduced = function(SOFTMAX).withReduction(Reduction.NONE).valueAndGradient(wide, floats(4));
        assertEquals("[4]", Arrays.toString(unreduced.terms().shape()));
    }

    @Test
    void r5_3_emptyBatchesCostNothing() {
        INDArray x = Nd4j.create(DataType.FLOAT, 0, 3);
        INDArray y = Nd4j.create(DataType.FLOAT, 0, 3);
        for (LossSpec spec : List.of(SOFTMAX, SQUARES, SIGMOID, new MultiMargin())) {
            for (Reduction reduction : Reduction.values()) {
                LossFunction f = function(spec).withReduction(reduction);
                assertEquals(0, f.value(x, y));
                assertEquals("[0, 3]", Arrays.toString(f.gradient(x, y).shape()));
            }
        }
        assertEquals(0, function(SOFTMAX).value(x, Nd4j.create(DataType.FLOAT, 0, 1)));
        assertEquals(0, function(SOFTMAX).value(x, Nd4j.create(DataType.FLOAT, 0L), Nd4j.create(DataType.FLOAT, 0, 1)));
        assertEquals("[0]", Arrays.toString(function(SOFTMAX).perRow(x, y).shape()));
    }

    @Test
    void r3_4_theErrorOfALabelOutOfRangeNamesRowValueAndK() {
        LossJob job = job(function(SOFTMAX).withIgnoreIndex(-1), floats(4, 3), floats(4), null);
        LossInputException e = job.labelOutOfRange(2, 99);
        assertEquals("L4J-L01", e.code());
        assertEquals(
                "L4J-L01 softmax_cross_entropy: the label of row 2 is 99, expected a class index from 0 to 2 or the ignored"
                        + " index -1 for K = 3 columns; correct the label, or set ignoreIndex(99) to leave such rows out.",
                e.getMessage());
    }
}
