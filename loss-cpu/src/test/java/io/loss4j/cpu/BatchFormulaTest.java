package io.loss4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Activation;
import io.loss4j.loss.Dice;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LovaszHinge;
import io.loss4j.loss.MatthewsCorrelation;
import io.loss4j.loss.OverlapAxis;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.WeightedSum;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Class indices, ignored and smoothed labels of losses of the whole batch. */
class BatchFormulaTest {
    private static final Dice SOFTMAX = new Dice(OverlapAxis.CLASS, InputForm.LOGITS, Activation.SOFTMAX);
    private static final Dice SIGMOID = new Dice(OverlapAxis.BATCH, InputForm.LOGITS, Activation.SIGMOID);

    private static final INDArray LOGITS =
            Nd4j.createFromArray(new double[][] {{1, -0.5, 0.2}, {0.3, 2, -1}, {-2, 0.1, 0.4}, {0.7, 0.6, -0.3}});
    private static final INDArray INDICES = Nd4j.createFromArray(0L, 2, 1, 1);
    private static final INDArray ONE_HOT =
            Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 0}});

    private static LossFunction function(LossSpec spec) {
        return LossFunction.of(spec).withReduction(Reduction.SUM).on("cpu");
    }

    private static void same(LossResult expected, LossResult actual) {
        assertEquals(expected.value(), actual.value(), 1e-15);
        double[] gradient = expected.gradient().dup('c').data().asDouble();
        assertArrayEquals(gradient, actual.gradient().dup('c').data().asDouble(), 1e-15);
    }

    @Test
    void r3_1_indicesAreOneHotLabels() {
        for (LossSpec spec : List.of(SOFTMAX, SIGMOID, new LovaszHinge(), new MatthewsCorrelation())) {
            INDArray x =
                    spec.input() == InputForm.LOGITS ? LOGITS : LOGITS.mul(0.1).add(0.5);
            LossFunction f = function(spec).withClassWeights(ClassWeights.of(1, 2, 0.5));
            same(f.valueAndGradient(x, ONE_HOT), f.valueAndGradient(x, INDICES));
        }
    }

    @Test
    void r3_2_anIgnoredIndexIsAMaskedRow() {
        INDArray mask = Nd4j.createFromArray(1.0, 0, 1, 1);
        INDArray labels = Nd4j.createFromArray(0L, -7, 1, 1);
        for (LossSpec spec : List.of(SOFTMAX, SIGMOID)) {
            LossResult masked = function(spec).valueAndGradient(LOGITS, ONE_HOT, mask);
            same(masked, function(spec).withIgnoreIndex(-7).valueAndGradient(LOGITS, labels));
            assertEquals(0, masked.gradient().getRow(1).sumNumber().doubleValue());
        }
    }

    @Test
    void r3_2_anIgnoredYesOrNoIsAMaskedElement() {
        INDArray labels = ONE_HOT.dup();
        labels.putScalar(2, 0, 255);
        INDArray mask = Nd4j.ones(4, 3);
        mask.putScalar(2, 0, 0);
        LossResult masked = function(SIGMOID).valueAndGradient(LOGITS, ONE_HOT, mask);
        same(masked, function(SIGMOID).withIgnoreIndex(255).valueAndGradient(LOGITS, labels));
        INDArray hidden = LOGITS.dup();
        hidden.putScalar(2, 0, Double.NaN);
        same(masked, function(SIGMOID).valueAndGradient(hidden, ONE_HOT, mask));
        // among classes that exclude each other 1 is a probability, not a label to ignore
        same(
                function(SOFTMAX).valueAndGradient(LOGITS, ONE_HOT),
                function(SOFTMAX).withIgnoreIndex(1).valueAndGradient(LOGITS, ONE_HOT));
    }

    @Test
    void r3_3_aMaskedLogitStaysInItsSoftmax() {
        INDArray mask = Nd4j.ones(4, 3);
        mask.putScalar(1, 0, 0);
        INDArray other = LOGITS.dup();
        other.putScalar(1, 0, 5);
        double value = function(SOFTMAX).value(LOGITS, ONE_HOT, mask);
        assertTrue(Math.abs(value - function(SOFTMAX).value(other, ONE_HOT, mask)) > 0.01);
    }

    @Test
    void r3_6_smoothingIsThatOfTheActivation() {
        double s = 0.3;
        INDArray overClasses = ONE_HOT.mul(1 - s).add(s / 3);
        INDArray byElement = ONE_HOT.mul(1 - s).add(s / 2);
        for (INDArray labels : List.of(ONE_HOT, INDICES)) {
            same(
                    function(SOFTMAX).valueAndGradient(LOGITS, overClasses),
                    function(SOFTMAX).withLabelSmoothing(s).valueAndGradient(LOGITS, labels));
            same(
                    function(SIGMOID).valueAndGradient(LOGITS, byElement),
                    function(SIGMOID).withLabelSmoothing(s).valueAndGradient(LOGITS, labels));
        }
    }

    @Test
    void r3_4_anIndexOutOfRangeIsRefused() {
        LossInputException e = assertThrows(
                LossInputException.class, () -> function(SOFTMAX).value(LOGITS, Nd4j.createFromArray(0L, 1, 3, 1)));
        assertEquals("L4J-L01", e.code());
        assertTrue(e.getMessage().contains("row 2 is 3"), e.getMessage());
    }

    @Test
    void diceAndCrossEntropyAddUp() {
        LossSpec entropy = new SoftmaxCrossEntropy();
        LossFunction sum = function(new WeightedSum(List.of(SOFTMAX, entropy), PerColumn.of(0.5, 2.0)))
                .withReduction(Reduction.MEAN);
        for (INDArray labels : List.of(ONE_HOT, INDICES)) {
            LossResult dice = function(SOFTMAX).valueAndGradient(LOGITS, labels);
            LossResult ce = function(entropy).withReduction(Reduction.MEAN).valueAndGradient(LOGITS, labels);
            LossResult both = sum.valueAndGradient(LOGITS, labels);
            assertEquals(0.5 * dice.value() + 2 * ce.value(), both.value(), 1e-15);
            INDArray expected = dice.gradient().mul(0.5).add(ce.gradient().mul(2));
            assertTrue(expected.equalsWithEps(both.gradient(), 1e-15));
        }
        LossSpec probabilities = new WeightedSum(new Dice());
        assertEquals(new WeightedSum(SOFTMAX), probabilities.overLogits(Activation.SOFTMAX));
    }

    @Test
    void r9_1_aSumOverTheBatchHasNoTerms() {
        LossInputException e =
                assertThrows(LossInputException.class, () -> function(SOFTMAX).perRow(LOGITS, ONE_HOT));
        assertEquals("L4J-P07", e.code());
        e = assertThrows(LossInputException.class, () -> function(SOFTMAX).withReduction(Reduction.NONE));
        assertEquals("L4J-P06", e.code());
        e = assertThrows(LossInputException.class, () -> function(SOFTMAX).withZLoss(1e-4));
        assertEquals("L4J-P06", e.code());
        assertEquals(
                4,
                function(new Dice(OverlapAxis.ROW, InputForm.LOGITS, Activation.SOFTMAX))
                        .perRow(LOGITS, INDICES)
                        .length());
    }
}
