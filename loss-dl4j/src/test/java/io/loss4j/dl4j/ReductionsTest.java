package io.loss4j.dl4j;

import static io.loss4j.dl4j.Arrays2d.SOFTMAX;
import static io.loss4j.dl4j.Arrays2d.assertClose;
import static io.loss4j.dl4j.Arrays2d.doubles;
import static io.loss4j.dl4j.Arrays2d.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * R4 inside networks: whatever the reduction, what is trained is what the loss function says, or the attempt is refused.
 * The reference computes the value of the function on the network's output.
 */
class ReductionsTest {
    private static final DataType TYPE = DataType.DOUBLE;

    private static final Set<Head> DIVIDE_SCORES_ALWAYS =
            EnumSet.of(Head.LOSS, Head.RNN_LOSS, Head.CNN_LOSS, Head.CNN_3D_LOSS);

    private static LossFunction function(Reduction reduction) {
        return LossFunction.of(new SoftmaxCrossEntropy())
                .withClassWeights(ClassWeights.of(1, 2, 5))
                .withReduction(reduction);
    }

    private static MultiLayerNetwork network(Head head, Loss4jLoss loss, boolean miniBatch) {
        return head.network(loss, Activation.SOFTMAX, 3, TYPE, new Sgd(1), miniBatch);
    }

    /** The gradient of the parameters, seen from outside: the step of plain gradient descent at a rate of 1. */
    private static INDArray step(Head head, MultiLayerNetwork network, DataSet data) {
        INDArray before = watched(head, network);
        network.fit(data);
        return before.sub(watched(head, network));
    }

    /** All parameters, or those that the center loss's own term does not touch. */
    private static INDArray watched(Head head, MultiLayerNetwork network) {
        return head == Head.CENTER_LOSS
                ? network.getParam("1_W").dup()
                : network.params().dup();
    }

    private static DataSet data(Head head) {
        return new DataSet(head.features(TYPE), head.oneHot(TYPE, 3), null, head.rowMask(TYPE));
    }

    /** What the sum of a head must be multiplied by to become a reduction, from the function itself. */
    private static double factor(Head head, Reduction reduction) {
        INDArray logits = head.real(TYPE, 3);
        INDArray labels = head.oneHot(TYPE, 3);
        INDArray mask = head.rowMask(TYPE).reshape(head.labelShape(1));
        return function(reduction).value(logits, labels, mask)
                / function(Reduction.SUM).value(logits, labels, mask);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reduction.class,
            names = {"MEAN", "WEIGHTED_MEAN", "BATCH_MEAN"})
    void r4_meansNeedAWordAboutTheMinibatch(Reduction reduction) {
        LossInputException e = assertThrows(LossInputException.class, () -> Dl4jLosses.of(function(reduction)));
        assertEquals("L4J-D03", e.code());
        for (String remedy : List.of("withReduction(Reduction.SUM)", "feedForward", "rowsPerExample", "undivided")) {
            assertTrue(e.getMessage().contains(remedy), e.getMessage());
        }
        assertThrows(
                LossInputException.class, () -> Dl4jLosses.softmaxCrossEntropy().with(f -> f.withReduction(reduction)));
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    void r4_feedForwardTrainsTheReduction(Reduction reduction) {
        for (Head head : List.of(Head.OUTPUT, Head.LOSS, Head.CENTER_LOSS)) {
            assertTrains(head, Dl4jLosses.feedForward(function(reduction)), reduction, true);
        }
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    void r4_rowsPerExampleTrainsTheReductionInEveryLayer(Reduction reduction) {
        for (Head head : Head.values()) {
            int rows = (int) head.rowsPerExample();
            if (rows > 1) {
                assertTrains(head, Dl4jLosses.rowsPerExample(rows, function(reduction)), reduction, true);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    void r4_undividedTrainsTheReductionInEveryLayer(Reduction reduction) {
        for (Head head : Head.values()) {
            assertTrains(head, Dl4jLosses.undivided(function(reduction)), reduction, false);
        }
    }

    /** Against the plain sum in a network that does not divide, whose step is the gradient of the sum. */
    private static void assertTrains(Head head, Loss4jLoss loss, Reduction reduction, boolean miniBatch) {
        MultiLayerNetwork ofSum = network(head, Dl4jLosses.of(function(Reduction.SUM)), false);
        MultiLayerNetwork ofReduction = network(head, loss, miniBatch);
        DataSet data = data(head);
        double factor = factor(head, reduction);
        if (head != Head.CENTER_LOSS) {
            assertEquals(factor * score(head, ofSum, data, false), score(head, ofReduction, data, miniBatch), 1e-9);
        }
        assertClose(step(head, ofSum, data).mul(factor), step(head, ofReduction, data), 1e-9);
    }

    /** The score, without the division that loss layers without parameters do even if told not to. */
    private static double score(Head head, MultiLayerNetwork network, DataSet data, boolean miniBatch) {
        boolean divided = !miniBatch && DIVIDE_SCORES_ALWAYS.contains(head);
        return network.score(data) * (divided ? data.numExamples() : 1);
    }

    @Test
    void feedForwardIsRefusedWhereARowIsAStepOrAPixel() {
        for (Head head : Head.values()) {
            MultiLayerNetwork network = network(head, Dl4jLosses.feedForward(function(Reduction.MEAN)), true);
            if (head.rowsPerExample() == 1) {
                network.fit(data(head));
            } else {
                LossInputException e = assertThrows(LossInputException.class, () -> network.fit(data(head)));
                assertEquals("L4J-D06", e.code());
                assertTrue(e.getMessage().contains("rowsPerExample"), e.getMessage());
            }
        }
    }

    @Test
    void rowsThatDoNotFitAreRefused() {
        Loss4jLoss loss = Dl4jLosses.rowsPerExample(2, function(Reduction.MEAN));
        INDArray three = doubles(row(1, 2, 3), row(0, 1, 0), row(0, 0, 0));
        LossInputException e =
                assertThrows(LossInputException.class, () -> loss.computeGradient(three, three, SOFTMAX, null));
        assertEquals("L4J-D05", e.code());
        assertEquals(
                "L4J-D04",
                assertThrows(LossInputException.class, () -> Dl4jLosses.rowsPerExample(0, function(Reduction.MEAN)))
                        .code());
    }

    /** R1.1: a mean of many rows is tiny; in HALF it must not be rounded before it is scaled back. */
    @Test
    void r1_1_halfKeepsItsDigitsThroughTheMean() {
        int rows = 4000;
        INDArray output = Nd4j.zeros(DataType.FLOAT16, rows, 3);
        INDArray labels = Nd4j.zeros(DataType.FLOAT16, rows, 3);
        labels.getColumn(1).assign(1);
        Loss4jLoss mean = Dl4jLosses.feedForward(
                LossFunction.of(new SoftmaxCrossEntropy()).withReduction(Reduction.MEAN));
        assertClose(
                Dl4jLosses.softmaxCrossEntropy().computeGradient(labels, output, SOFTMAX, null),
                mean.computeGradient(labels, output, SOFTMAX, null),
                0);
    }

    @Test
    void r4_2_aMeanOverNothingIsZero() {
        Loss4jLoss loss = Dl4jLosses.feedForward(function(Reduction.WEIGHTED_MEAN));
        INDArray x = doubles(row(1, 2, 3), row(0, 1, 0));
        INDArray nothing = doubles(row(0), row(0));
        assertEquals(0, loss.computeScore(x, x, SOFTMAX, nothing, false));
        assertClose(Nd4j.zeros(TYPE, 2, 3), loss.computeGradient(x, x, SOFTMAX, nothing), 0);
    }
}
