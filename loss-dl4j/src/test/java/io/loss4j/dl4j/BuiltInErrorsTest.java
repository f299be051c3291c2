package io.loss4j.dl4j;

import static io.loss4j.dl4j.Arrays2d.IDENTITY;
import static io.loss4j.dl4j.Arrays2d.SIGMOID;
import static io.loss4j.dl4j.Arrays2d.SOFTMAX;
import static io.loss4j.dl4j.Arrays2d.assertClose;
import static io.loss4j.dl4j.Arrays2d.doubles;
import static io.loss4j.dl4j.Arrays2d.of;
import static io.loss4j.dl4j.Arrays2d.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.error.LossInputException;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossFMeasure;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSquaredHinge;
import org.nd4j.linalg.lossfunctions.impl.LossWasserstein;

/** What Deeplearning4j's own losses get wrong, asserted beside what ours give: if a release repairs it, we learn of it. */
class BuiltInErrorsTest {
    @ParameterizedTest
    @CsvSource({"-20, -1, -0.0002", "-12, -1, -0.6144"})
    void r1_2_clippedGradientOfARarePositive(double x, double exact, double theirs) {
        INDArray output = of(DataType.FLOAT, row(x));
        INDArray yes = of(DataType.FLOAT, row(1));
        assertEquals(
                theirs,
                new LossBinaryXENT()
                        .computeGradient(yes, output.dup(), SIGMOID, null) // theirs writes into the output
                        .getDouble(0),
                Math.abs(theirs) / 5);
        assertEquals(
                exact,
                Dl4jLosses.sigmoidCrossEntropy()
                        .computeGradient(yes, output, SIGMOID, null)
                        .getDouble(0),
                1e-5);
    }

    /** The same seen from outside: one step of plain gradient descent moves the bias by the gradient. */
    @Test
    void r1_2_oneStepOfANetworkMovesByTheWholeGradient() {
        assertEquals(1, biasAfterOneStep(Dl4jLosses.sigmoidCrossEntropy()), 1e-6);
        assertEquals(1, biasAfterOneStep(Dl4jLosses.binaryCrossEntropy()), 1e-6);
        assertEquals(0.0002, biasAfterOneStep(new LossBinaryXENT()), 0.0001);
    }

    private static double biasAfterOneStep(ILossFunction loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Sgd(1))
                .list()
                .layer(new OutputLayer.Builder(loss)
                        .activation(Activation.SIGMOID)
                        .nIn(1)
                        .nOut(1)
                        .build())
                .build());
        network.init();
        network.setParam("0_W", of(DataType.FLOAT, row(-20)));
        network.fit(new DataSet(of(DataType.FLOAT, row(1)), of(DataType.FLOAT, row(1))));
        return network.getParam("0_b").getDouble(0);
    }

    @Test
    void withoutClippingTheirsIsNotANumber() {
        INDArray output = of(DataType.FLOAT, row(20));
        INDArray yes = of(DataType.FLOAT, row(1));
        assertTrue(Double.isNaN(new LossBinaryXENT(0)
                .computeGradient(yes, output.dup(), SIGMOID, null)
                .getDouble(0)));
        Loss4jLoss ours = Dl4jLosses.sigmoidCrossEntropy();
        assertEquals(0, ours.computeGradient(yes, output, SIGMOID, null).getDouble(0), 1e-8);
        assertEquals(0, ours.computeScore(yes, output, SIGMOID, null, false), 1e-8);
    }

    @Test
    void halfOfConfidentRowsIsFinite() {
        INDArray output = of(DataType.FLOAT16, row(30, -30, 0), row(12, 0, 0));
        INDArray labels = of(DataType.FLOAT16, row(1, 0, 0), row(1, 0, 0));
        assertFalse(Double.isFinite(new LossMCXENT().computeScore(labels, output, SOFTMAX, null, false)));
        for (Loss4jLoss loss : new Loss4jLoss[] {Dl4jLosses.softmaxCrossEntropy(), Dl4jLosses.crossEntropy()}) {
            assertEquals(1.2288e-5, loss.computeScore(labels, output, SOFTMAX, null, false), 1e-7);
            assertFinite(loss.computeGradient(labels, output, SOFTMAX, null));
        }
        INDArray flags = of(DataType.FLOAT16, row(1, 0, 1), row(1, 1, 1));
        assertFalse(Double.isFinite(new LossBinaryXENT().computeScore(flags, output, SIGMOID, null, false)));
        Loss4jLoss sigmoid = Dl4jLosses.sigmoidCrossEntropy();
        assertEquals(3 * Math.log(2), sigmoid.computeScore(flags, output, SIGMOID, null, false), 1e-4);
        assertFinite(sigmoid.computeGradient(flags, output, SIGMOID, null));
    }

    private static void assertFinite(INDArray array) {
        for (double value : array.castTo(DataType.DOUBLE).data().asDouble()) {
            assertTrue(Double.isFinite(value), array::toString);
        }
    }

    @Test
    void halfScoresAreSummedInDouble() {
        int rows = 100_000;
        INDArray output = Nd4j.zeros(DataType.FLOAT16, rows, 3);
        INDArray labels = Nd4j.zeros(DataType.FLOAT16, rows, 3);
        labels.getColumn(0).assign(1);
        double exact = rows * Math.log(3);
        double theirs = new LossMCXENT().computeScore(labels, output, SOFTMAX, null, false);
        assertTrue(Math.abs(theirs - exact) > 0.1 * exact, "theirs: " + theirs);
        assertEquals(
                exact,
                Dl4jLosses.softmaxCrossEntropy().computeScore(labels, output, SOFTMAX, null, false),
                1e-5 * exact);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, 99})
    void r3_4_indexLabelsOutOfRangeAreNamed(int label) {
        INDArray output = doubles(row(1, 2, 3), row(3, 2, 1));
        INDArray labels = Nd4j.createFromArray(0, label).reshape(2, 1);
        Loss4jLoss ours = Dl4jLosses.softmaxCrossEntropy();
        LossInputException e =
                assertThrows(LossInputException.class, () -> ours.computeGradient(labels, output, SOFTMAX, null));
        assertEquals("L4J-L01", e.code());
        assertTrue(
                e.getMessage().contains("row 1 is " + label) && e.getMessage().contains("K = 3"), e.getMessage());
        assertThrows(LossInputException.class, () -> ours.computeScore(labels, output, SOFTMAX, null, false));
        assertThrows(LossInputException.class, () -> ours.computeScoreArray(labels, output, SOFTMAX, null));

        ILossFunction theirs = new LossSparseMCXENT();
        INDArray valid = Nd4j.createFromArray(0).reshape(1, 1);
        assertEquals(
                theirs.computeScore(valid, output.getRow(0, true), SOFTMAX, null, false),
                theirs.computeScore(labels, output, SOFTMAX, null, false),
                1e-9,
                "theirs: the wrong label costs nothing");

        Loss4jLoss ignoring = ours.with(f -> f.withIgnoreIndex(label));
        assertClose(
                doubles(row(0, 0, 0)),
                ignoring.computeGradient(labels, output, SOFTMAX, null).getRow(1, true),
                0);
    }

    @Test
    void r3_5_softLabelsNeedNotSumToOne() {
        INDArray z = doubles(row(1, 2, 3));
        INDArray counts = doubles(row(5, 0, 15));
        double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
        INDArray p = doubles(row(Math.exp(1) / sum, Math.exp(2) / sum, Math.exp(3) / sum));
        assertClose(
                p.mul(20).sub(counts),
                Dl4jLosses.softmaxCrossEntropy().computeGradient(counts, z, SOFTMAX, null),
                1e-9);
        assertClose(p.sub(counts), new LossMCXENT().computeGradient(counts, z, SOFTMAX, null), 1e-9); // wrong
    }

    @Test
    void r3_3_masksOfOutputsAndOfABatchOfOneWorkWithSoftmax() {
        INDArray z = doubles(row(1, 2, 3), row(0.5, -1, 0.2));
        INDArray labels = doubles(row(1, 0, 0), row(0, 0, 1));
        INDArray outputs = doubles(row(1, 0, 1), row(1, 1, 0));
        assertThrows(
                UnsupportedOperationException.class,
                () -> new LossMCXENT().computeGradient(labels, z, SOFTMAX, outputs));
        Loss4jLoss ours = Dl4jLosses.softmaxCrossEntropy();
        assertEquals(2.407606, ours.computeScore(labels, z, SOFTMAX, outputs, false), 1e-6);
        assertClose(
                doubles(row(0, 0, 0)),
                ours.computeGradient(labels, z, SOFTMAX, outputs).getRow(1, true),
                0);

        INDArray one = z.getRow(0, true);
        INDArray label = labels.getRow(0, true);
        INDArray mask = doubles(row(1));
        assertThrows(RuntimeException.class, () -> new LossMCXENT().computeGradient(label, one, SOFTMAX, mask));
        assertClose(
                ours.computeGradient(label, one, SOFTMAX, null), ours.computeGradient(label, one, SOFTMAX, mask), 0);
        assertEquals(0, ours.computeScore(label, one, SOFTMAX, doubles(row(0)), false));
    }

    @Test
    void scoresOfRowsAddUpToTheScore() {
        INDArray x = doubles(row(1, 2), row(3, 5));
        INDArray y = doubles(row(0, 0), row(0, 0));
        ILossFunction theirs = new LossMAE();
        assertEquals(5.5, theirs.computeScore(y, x, IDENTITY, null, false), 1e-9);
        assertEquals(
                11, theirs.computeScoreArray(y, x, IDENTITY, null).sumNumber().doubleValue(), 1e-9);
        Loss4jLoss ours = Dl4jLosses.meanAbsoluteError();
        assertEquals(11, ours.computeScore(y, x, IDENTITY, null, false), 1e-9);
        assertClose(doubles(row(3), row(8)), ours.computeScoreArray(y, x, IDENTITY, null), 1e-9);
    }

    @Test
    void r3_1_weightsAreCheckedWhenTheyAreGiven() {
        new LossMCXENT(Nd4j.createFromArray(-1.0, Double.NaN)); // accepted by theirs
        assertThrows(LossInputException.class, () -> ClassWeights.of(-1, 1));
        assertThrows(LossInputException.class, () -> ClassWeights.of(Double.NaN, 1));
    }

    /** Everywhere the score is clipped and the gradient is not, theirs is the derivative of something else. */
    @Test
    void kullbackLeiblerIsNotClipped() {
        INDArray p = doubles(row(1e-8, 1 - 1e-8));
        INDArray label = doubles(row(1, 0));
        ILossFunction theirs = new LossKLD();
        double clipped = -Math.log(1e-5) + 1e-5 * Math.log(1e-5);
        assertEquals(clipped, theirs.computeScore(label.dup(), p.dup(), IDENTITY, null, false), 1e-6);
        assertEquals(
                -1e8,
                theirs.computeGradient(label.dup(), p.dup(), IDENTITY, null).getDouble(0),
                1);
        Loss4jLoss ours = Dl4jLosses.klDivergence();
        assertEquals(-Math.log(1e-8), ours.computeScore(label, p, IDENTITY, null, false), 1e-9);
    }

    /** A mask of single outputs with a weight of a half halves the score, and quarters their gradient. */
    @Test
    void r3_3_weightsOfOutputsCountOnce() {
        INDArray x = doubles(row(0.4, 0.7), row(0.2, 0.9));
        INDArray y = doubles(row(1, 0.5), row(0.25, 1));
        INDArray half = doubles(row(0.5, 0.5), row(0.5, 0.5));
        for (ILossFunction theirs : List.of(
                new LossL2(),
                new LossMSE(),
                new LossL1(),
                new LossMAE(),
                new LossMAPE(),
                new LossMSLE(),
                new LossBinaryXENT(),
                new LossKLD(),
                new LossPoisson())) {
            double score = theirs.computeScore(y.dup(), x.dup(), IDENTITY, null, false);
            assertEquals(score / 2, theirs.computeScore(y.dup(), x.dup(), IDENTITY, half, false), 1e-9);
            INDArray gradient = theirs.computeGradient(y.dup(), x.dup(), IDENTITY, null);
            assertClose(gradient.div(4), theirs.computeGradient(y.dup(), x.dup(), IDENTITY, half), 1e-9);
            Loss4jLoss ours = Dl4jLosses.replacementFor(theirs);
            assertEquals(score / 2, ours.computeScore(y, x, IDENTITY, half, false), 1e-9);
            assertClose(gradient.div(2), ours.computeGradient(y, x, IDENTITY, half), 1e-9);
        }
    }

    @Test
    void r3_3_weightsOfExamplesAreNotSquaredByTheSquaredHinge() {
        INDArray x = doubles(row(0.5));
        INDArray y = doubles(row(-1));
        INDArray half = doubles(row(0.5));
        assertEquals(1.5 * 1.5 / 4, new LossSquaredHinge().computeScore(y.dup(), x.dup(), IDENTITY, half, false), 1e-9);
        Loss4jLoss ours = Dl4jLosses.squaredHinge();
        assertEquals(1.5 * 1.5 / 2, ours.computeScore(y, x, IDENTITY, half, false), 1e-9);
        assertClose(doubles(row(1.5)), ours.computeGradient(y, x, IDENTITY, half), 1e-9);
    }

    /** Behind an activation that mixes the outputs, a masked output still moves through the others. */
    @Test
    void r3_3_masksOfOutputsBehindSoftmaxKeepTheGradient() {
        INDArray z = doubles(row(1, 2, 3));
        INDArray y = doubles(row(0.5, 0.2, 0.3));
        INDArray mask = doubles(row(1, 1, 0));
        double h = 1e-6;
        Loss4jLoss ours = Dl4jLosses.meanSquaredError();
        double up = ours.computeScore(y, doubles(row(1, 2, 3 + h)), SOFTMAX, mask, false);
        double down = ours.computeScore(y, doubles(row(1, 2, 3 - h)), SOFTMAX, mask, false);
        double slope = (up - down) / (2 * h);
        assertTrue(Math.abs(slope) > 0.01);
        assertEquals(slope, ours.computeGradient(y, z, SOFTMAX, mask).getDouble(2), 1e-8);
        assertEquals(
                0, new LossL2().computeGradient(y.dup(), z.dup(), SOFTMAX, mask).getDouble(2));
    }

    @Test
    void r1_2_labelsAndOutputsAtTheEdgeAreFinite() {
        INDArray x = doubles(row(0.5, -1));
        INDArray zero = doubles(row(0, 1));
        assertFalse(Double.isFinite(new LossMAPE().computeScore(zero.dup(), x.dup(), IDENTITY, null, false)));
        assertTrue(
                Double.isFinite(Dl4jLosses.meanAbsolutePercentageError().computeScore(zero, x, IDENTITY, null, false)));
        assertFalse(Double.isFinite(new LossMSLE().computeScore(zero.dup(), x.dup(), IDENTITY, null, false)));
        Loss4jLoss logarithmic = Dl4jLosses.meanSquaredLogarithmicError();
        assertTrue(Double.isFinite(logarithmic.computeScore(zero, x, IDENTITY, null, false)));
        INDArray none = doubles(row(0));
        assertTrue(Double.isNaN(new LossPoisson().computeScore(none.dup(), none.dup(), IDENTITY, null, false)));
        assertEquals(0, Dl4jLosses.poisson().computeScore(none, none, IDENTITY, null, false));
    }

    @Test
    void r1_2_farLabelsOfMixturesAreFinite() {
        ILossFunction theirs =
                LossMixtureDensity.builder().gaussians(1).labelWidth(1).build();
        INDArray output = of(DataType.FLOAT, row(0, 0, 0)); // share, log of sigma, mean
        INDArray far = of(DataType.FLOAT, row(1000));
        assertFalse(Double.isFinite(theirs.computeScore(far.dup(), output.dup(), IDENTITY, null, false)));
        Loss4jLoss ours = Dl4jLosses.mixtureDensity(1, 1);
        double exact = 0.5 * Math.log(2 * Math.PI) + 1e6 / 2;
        assertEquals(exact, ours.computeScore(far, output, IDENTITY, null, false), 1);
        assertEquals(-1000, ours.computeGradient(far, output, IDENTITY, null).getDouble(2), 1e-2);
    }

    @Test
    void r2_3_labelsAreNotWrittenTo() {
        INDArray x = doubles(row(1, 2));
        INDArray labels = doubles(row(1, -1));
        INDArray mask = doubles(row(1, 0));
        Dl4jLosses.wasserstein().computeGradient(labels, x, IDENTITY, mask);
        assertEquals(doubles(row(1, -1)), labels);
        new LossWasserstein().computeGradient(labels, x.dup(), IDENTITY, mask);
        assertEquals(doubles(row(1, 0)), labels, "theirs masks the user's labels for good");
    }

    @Test
    void fMeasureWorksInDoubleNetworks() {
        INDArray z = doubles(row(1, 2), row(0.5, -1));
        INDArray labels = doubles(row(1, 0), row(0, 1));
        assertThrows(
                RuntimeException.class, () -> new LossFMeasure().computeGradient(labels.dup(), z.dup(), SOFTMAX, null));
        assertFinite(Dl4jLosses.fMeasure(1).computeGradient(labels, z, SOFTMAX, null));
    }
}
