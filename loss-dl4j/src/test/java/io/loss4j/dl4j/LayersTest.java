package io.loss4j.dl4j;

import static io.loss4j.dl4j.Arrays2d.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.ClassWeights;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * In every output layer, with every form of mask: a network trained with our loss ends where the same network ends with
 * Deeplearning4j's own, on data on which the latter is right.
 */
class LayersTest {
    private static final DataType TYPE = DataType.DOUBLE;
    private static final int STEPS = 4;

    enum Mask {
        NONE,
        ROWS,
        ELEMENTS;

        INDArray of(Head head, DataType type, int nOut) {
            return switch (this) {
                case NONE -> null;
                case ROWS -> head.rowMask(type);
                case ELEMENTS -> head.elementMask(type, nOut);
            };
        }
    }

    static List<Arguments> headsAndMasks() {
        List<Arguments> all = new ArrayList<>();
        for (Head head : Head.values()) {
            for (Mask mask : Mask.values()) {
                all.add(Arguments.of(head, mask));
            }
        }
        return all;
    }

    private static MultiLayerNetwork train(
            Head head, ILossFunction loss, Activation activation, int nOut, INDArray labels, INDArray mask) {
        MultiLayerNetwork network = head.network(loss, activation, nOut, TYPE, new Sgd(0.5));
        DataSet data = new DataSet(head.features(TYPE), labels, null, mask);
        for (int i = 0; i < STEPS; i++) {
            network.fit(data);
        }
        return network;
    }

    private static void assertSame(MultiLayerNetwork theirs, MultiLayerNetwork ours, DataSet data) {
        assertClose(theirs.params(), ours.params(), 1e-9);
        assertEquals(theirs.score(data), ours.score(data), 1e-9);
    }

    @ParameterizedTest
    @MethodSource("headsAndMasks")
    void r3_3_sigmoidCrossEntropyTrainsLikeXent(Head head, Mask form) {
        INDArray labels = head.binary(TYPE, 3);
        INDArray mask = form.of(head, TYPE, 3);
        MultiLayerNetwork theirs = train(head, new LossBinaryXENT(0), Activation.SIGMOID, 3, labels, mask);
        MultiLayerNetwork ours = train(head, Dl4jLosses.sigmoidCrossEntropy(), Activation.SIGMOID, 3, labels, mask);
        assertSame(theirs, ours, new DataSet(head.features(TYPE), labels, null, mask));
    }

    @ParameterizedTest
    @MethodSource("headsAndMasks")
    void r3_3_softmaxCrossEntropyTrainsLikeMcxent(Head head, Mask form) {
        if (form == Mask.ELEMENTS) {
            // Refused by theirs. A mask of elements that is the same along each row must act as the mask of rows.
            assertElementMaskActsAsRowMask(head);
            return;
        }
        INDArray labels = head.oneHot(TYPE, 3);
        INDArray mask = form.of(head, TYPE, 3);
        MultiLayerNetwork theirs = train(head, new LossMCXENT(0, null), Activation.SOFTMAX, 3, labels, mask);
        MultiLayerNetwork ours = train(head, Dl4jLosses.softmaxCrossEntropy(), Activation.SOFTMAX, 3, labels, mask);
        assertSame(theirs, ours, new DataSet(head.features(TYPE), labels, null, mask));
    }

    private static void assertElementMaskActsAsRowMask(Head head) {
        INDArray labels = head.oneHot(TYPE, 3);
        INDArray rows = head.rowMask(TYPE);
        long[] one = head.labelShape(1);
        INDArray wide = Nd4j.concat(1, rows.reshape(one), rows.reshape(one), rows.reshape(one));
        MultiLayerNetwork byRow = train(head, Dl4jLosses.softmaxCrossEntropy(), Activation.SOFTMAX, 3, labels, rows);
        MultiLayerNetwork byElement =
                train(head, Dl4jLosses.softmaxCrossEntropy(), Activation.SOFTMAX, 3, labels, wide);
        assertClose(byRow.params(), byElement.params(), 1e-12);
    }

    @ParameterizedTest
    @MethodSource("headsAndMasks")
    void regressionTrainsLikeL2BehindAnyActivation(Head head, Mask form) {
        INDArray labels = head.real(TYPE, 2);
        INDArray mask = form.of(head, TYPE, 2);
        for (Activation activation : List.of(Activation.TANH, Activation.IDENTITY)) {
            MultiLayerNetwork theirs = train(head, new LossL2(), activation, 2, labels, mask);
            MultiLayerNetwork ours = train(head, Dl4jLosses.meanSquaredError(), activation, 2, labels, mask);
            assertSame(theirs, ours, new DataSet(head.features(TYPE), labels, null, mask));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Head.class,
            names = {"CENTER_LOSS", "CNN_LOSS", "CNN_3D_LOSS"}, // Deeplearning4j itself needs dense labels there
            mode = EnumSource.Mode.EXCLUDE)
    void indexLabelsTrainLikeOneHot(Head head) {
        Loss4jLoss loss = Dl4jLosses.softmaxFocal(2, ClassWeights.of(1, 2, 3));
        for (INDArray mask : new INDArray[] {null, head.rowMask(TYPE)}) {
            MultiLayerNetwork dense = train(head, loss, Activation.SOFTMAX, 3, head.oneHot(TYPE, 3), mask);
            for (DataType type : List.of(DataType.INT32, DataType.INT64, TYPE, DataType.FLOAT)) {
                MultiLayerNetwork index =
                        train(head, loss, Activation.SOFTMAX, 3, head.indices().castTo(type), mask);
                assertClose(dense.params(), index.params(), 1e-12);
            }
        }
    }

    /** A weight of 2 is the same as the example twice; 0 the same as none. */
    @ParameterizedTest
    @EnumSource(
            value = Head.class,
            names = {"OUTPUT", "LOSS"})
    void r3_3_weightsOfExamplesActLikeRepetition(Head head) {
        INDArray features = head.features(TYPE);
        INDArray labels = head.oneHot(TYPE, 3);
        for (Loss4jLoss loss : List.of(Dl4jLosses.softmaxFocal(2), Dl4jLosses.crossEntropy(), Dl4jLosses.huber(0.5))) {
            INDArray weights = Nd4j.create(new double[] {2, 1, 0, 3, 1, 1}, new long[] {6, 1});
            int[] repeated = {0, 0, 1, 3, 3, 3, 4, 5};
            MultiLayerNetwork weighted = head.network(loss, Activation.SOFTMAX, 3, TYPE, new Sgd(0.5 / 8), false);
            MultiLayerNetwork plain = head.network(loss, Activation.SOFTMAX, 3, TYPE, new Sgd(0.5 / 8), false);
            for (int i = 0; i < STEPS; i++) {
                weighted.fit(new DataSet(features, labels, null, weights));
                plain.fit(new DataSet(Nd4j.pullRows(features, 1, repeated), Nd4j.pullRows(labels, 1, repeated)));
            }
            assertClose(plain.params(), weighted.params(), 1e-12);
        }
    }

    @Test
    void indexLabelsMayHaveRankOne() {
        Loss4jLoss loss = Dl4jLosses.softmaxCrossEntropy();
        INDArray indices = Head.OUTPUT.indices();
        MultiLayerNetwork column = train(Head.OUTPUT, loss, Activation.SOFTMAX, 3, indices, null);
        MultiLayerNetwork vector =
                train(Head.OUTPUT, loss, Activation.SOFTMAX, 3, indices.reshape(indices.length()), null);
        assertClose(column.params(), vector.params(), 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Head.class,
            names = {"CENTER_LOSS", "CNN_3D_LOSS"}, // scoreExamples is broken there in Deeplearning4j itself
            mode = EnumSource.Mode.EXCLUDE)
    void scoresOfExamplesAddUpToTheScore(Head head) {
        for (Loss4jLoss loss : List.of(Dl4jLosses.softmaxCrossEntropy(), Dl4jLosses.crossEntropy())) {
            INDArray labels = head.oneHot(TYPE, 3);
            MultiLayerNetwork network = train(head, loss, Activation.SOFTMAX, 3, labels, null);
            DataSet data = new DataSet(head.features(TYPE), labels);
            INDArray scores = network.scoreExamples(data, false);
            assertEquals(head.labelShape(3)[0], scores.length());
            assertEquals(network.score(data), scores.meanNumber().doubleValue(), 1e-9);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"BYTE", "UBYTE", "INT", "LONG", "BOOL", "FLOAT", "HALF"})
    void r5_masksAndLabelsMayHaveAnyTypeOrderAndStride(DataType type) {
        Head head = Head.OUTPUT;
        INDArray mask = head.elementMask(TYPE, 3);
        INDArray view =
                Nd4j.concat(1, mask.mul(0), mask).castTo(type).get(NDArrayIndex.all(), NDArrayIndex.interval(3, 6));
        for (boolean softmax : new boolean[] {true, false}) {
            Loss4jLoss loss = softmax ? Dl4jLosses.softmaxFocal(2) : Dl4jLosses.sigmoidFocal(2);
            Activation activation = softmax ? Activation.SOFTMAX : Activation.SIGMOID;
            INDArray labels = softmax ? head.oneHot(TYPE, 3) : head.binary(TYPE, 3);
            INDArray expected = train(head, loss, activation, 3, labels, mask).params();
            INDArray otherLabels = labels.castTo(type).dup('f');
            for (INDArray otherMask : List.of(view, mask.castTo(type).dup('f'))) {
                assertClose(
                        expected,
                        train(head, loss, activation, 3, otherLabels, otherMask).params(),
                        1e-12);
            }
        }
    }

    @Test
    void r3_3_aWeightOfABatchOfOneScalesItsStep() {
        Head head = Head.OUTPUT;
        INDArray x = head.features(TYPE).getRow(0, true);
        INDArray y = head.oneHot(TYPE, 3).getRow(0, true);
        List<INDArray> steps = new ArrayList<>();
        for (double weight : new double[] {1, 0.5}) {
            MultiLayerNetwork network =
                    head.network(Dl4jLosses.softmaxCrossEntropy(), Activation.SOFTMAX, 3, TYPE, new Sgd(1 / weight));
            INDArray before = network.params().dup();
            network.fit(new DataSet(x, y, null, Arrays2d.doubles(new double[] {weight})));
            steps.add(network.params().sub(before));
        }
        assertClose(steps.get(0), steps.get(1), 1e-12);
    }

    @Test
    void yoloTrainsLikeWithItsOwnLosses() {
        INDArray features = Head.CNN_LOSS.features(TYPE);
        INDArray labels = Nd4j.zeros(TYPE, 2, 4 + 3, 4, 3);
        for (int image = 0; image < 2; image++) { // one box of class image + 1 in the cell at row 1, column 1
            double[] box = {1.1, 1.2, 1.9, 1.8};
            for (int i = 0; i < 4; i++) {
                labels.putScalar(new long[] {image, i, 1, 1}, box[i]);
            }
            labels.putScalar(new long[] {image, 4 + image + 1, 1, 1}, 1);
        }
        assertClose(
                yolo(new LossL2(), new LossMCXENT(0, null), features, labels),
                yolo(Dl4jLosses.meanSquaredError(), Dl4jLosses.softmaxCrossEntropy(), features, labels),
                1e-9);
    }

    private static INDArray yolo(ILossFunction position, ILossFunction classes, INDArray features, INDArray labels) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .dataType(TYPE)
                .updater(new Sgd(0.1))
                .list()
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nIn(2)
                        .nOut(2 * (5 + 3))
                        .build())
                .layer(new Yolo2OutputLayer.Builder()
                        .boundingBoxPriors(Nd4j.create(new double[][] {{1, 1}, {2, 1}}))
                        .lossPositionScale(position)
                        .lossClassPredictions(classes)
                        .build())
                .build());
        network.init();
        for (int i = 0; i < STEPS; i++) {
            network.fit(features, labels);
        }
        return network.params();
    }

    @Test
    void variationalAutoencoderReconstructsLikeWithXent() {
        INDArray data = Head.OUTPUT.binary(TYPE, 4);
        assertClose(
                vae(new LossFunctionWrapper(Activation.SIGMOID, new LossBinaryXENT(0)), data),
                vae(new LossFunctionWrapper(Activation.SIGMOID, Dl4jLosses.sigmoidCrossEntropy()), data),
                1e-9);
        assertClose(
                vae(new LossFunctionWrapper(Activation.TANH, new LossL2()), data),
                vae(new LossFunctionWrapper(Activation.TANH, Dl4jLosses.meanSquaredError()), data),
                1e-9);
    }

    private static INDArray vae(LossFunctionWrapper reconstruction, INDArray data) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .dataType(TYPE)
                .updater(new Sgd(0.1))
                .list()
                .layer(new VariationalAutoencoder.Builder()
                        .nIn(4)
                        .nOut(2)
                        .encoderLayerSizes(5)
                        .decoderLayerSizes(5)
                        .activation(Activation.TANH)
                        .reconstructionDistribution(reconstruction)
                        .build())
                .build());
        network.init();
        Nd4j.getRandom().setSeed(5);
        for (int i = 0; i < STEPS; i++) {
            network.pretrainLayer(0, data);
        }
        INDArray errors = ((org.deeplearning4j.nn.layers.variational.VariationalAutoencoder) network.getLayer(0))
                .reconstructionError(data);
        assertEquals(data.size(0), errors.length());
        return network.params();
    }

    @Test
    void computationGraphWithTwoHeadsTrainsLikeWithTheirs() {
        ComputationGraph theirs = twoHeads(new LossMCXENT(0, null), new LossBinaryXENT(0));
        ComputationGraph ours = twoHeads(Dl4jLosses.softmaxCrossEntropy(), Dl4jLosses.sigmoidCrossEntropy());
        Head head = Head.OUTPUT;
        MultiDataSet data = new MultiDataSet(
                new INDArray[] {head.features(TYPE)},
                new INDArray[] {head.oneHot(TYPE, 3), head.binary(TYPE, 2)},
                null,
                new INDArray[] {head.rowMask(TYPE), head.elementMask(TYPE, 2)});
        for (int i = 0; i < STEPS; i++) {
            theirs.fit(data);
            ours.fit(data);
        }
        assertClose(theirs.params(), ours.params(), 1e-9);
        assertEquals(theirs.score(data), ours.score(data), 1e-9);
        assertClose(theirs.scoreExamples(data, true), ours.scoreExamples(data, true), 1e-9);
    }

    private static ComputationGraph twoHeads(ILossFunction classes, ILossFunction flags) {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(42)
                .dataType(TYPE)
                .updater(new Sgd(0.5))
                .l2(0.01)
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .addLayer("body", new DenseLayer.Builder().nIn(4).nOut(5).build(), "in")
                .addLayer(
                        "classes",
                        new OutputLayer.Builder(classes)
                                .activation(Activation.SOFTMAX)
                                .nIn(5)
                                .nOut(3)
                                .build(),
                        "body")
                .addLayer(
                        "flags",
                        new OutputLayer.Builder(flags)
                                .activation(Activation.SIGMOID)
                                .nIn(5)
                                .nOut(2)
                                .build(),
                        "body")
                .setOutputs("classes", "flags")
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }
}
