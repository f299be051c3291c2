package io.loss4j.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassReport;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.CrossEntropy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Reports by class from whole trainings. */
class ClassReportListenerTest {
    private static final int ROWS = 24;
    private static final Head HEAD = Head.OUTPUT;

    private static DataSet data(int columns) {
        return new DataSet(HEAD.features(DataType.FLOAT), HEAD.oneHot(DataType.FLOAT, columns));
    }

    private static MultiLayerNetwork network(ILossFunction loss) {
        return HEAD.network(loss, Activation.SOFTMAX, 3, DataType.FLOAT, new Sgd(0.1));
    }

    private static ILossFunction lossOf(MultiLayerNetwork network) {
        return ((OutputLayer) network.getOutputLayer().conf().getLayer()).getLossFn();
    }

    private static ClassReport only(ClassReportListener listener) {
        assertEquals(1, listener.reports().size());
        return listener.reports().values().iterator().next();
    }

    @Test
    void aStepReportsWhatItsGradientWasComputedFrom() {
        DataSet data = data(3);
        MultiLayerNetwork silent = network(Dl4jLosses.softmaxCrossEntropy());
        MultiLayerNetwork network = network(Dl4jLosses.softmaxCrossEntropy());
        INDArray predicted = network.output(data.getFeatures()).dup();
        ClassReportListener listener = ClassReportListener.everyEpoch();
        network.setListeners(listener);
        network.fit(data);
        silent.fit(data);
        assertEquals(silent.params(), network.params());

        ClassReport report = only(listener);
        for (int k = 0; k < 3; k++) {
            double count = 0;
            double probability = 0;
            double loss = 0;
            for (int r = 0; r < data.numExamples(); r++) {
                if (data.getLabels().getDouble(r, k) == 1) {
                    count++;
                    probability += predicted.getDouble(r, k);
                    loss -= Math.log(predicted.getDouble(r, k));
                }
            }
            assertEquals(count, report.of(k).count());
            assertEquals(probability, report.of(k).probabilitySum(), 1e-5);
            assertEquals(loss, report.of(k).lossSum(), 1e-4);
        }
        assertEquals(network.score() * data.numExamples(), report.all().lossSum(), 1e-4);
    }

    @Test
    void reportsAreCollectedOverIterationsAndLoggedAsOneTable() {
        DataSet data = data(3);
        MultiLayerNetwork network = network(Dl4jLosses.softmaxFocal(2));
        List<String> log = new ArrayList<>();
        ClassReportListener listener = new ClassReportListener(3, log::add, "dog", "fox", "wolf");
        network.setListeners(listener);
        network.fit(data);
        network.fit(data);
        assertEquals(List.of(), log);
        assertEquals(2 * data.numExamples(), only(listener).all().count());
        network.fit(data);
        assertEquals(0, listener.reports().size());
        network.fit(data);
        assertEquals(1, log.size());
        assertTrue(log.get(0).contains("iteration 2"), log.get(0));
        assertTrue(log.get(0).contains("wolf"), log.get(0));
        assertTrue(log.get(0).contains("mean prob."), log.get(0));
        assertEquals(data.numExamples(), only(listener).all().count());
    }

    @Test
    void anEpochEndsWithATable() {
        DataSetIterator iterator = new ListDataSetIterator<>(data(3).asList(), 5);
        MultiLayerNetwork network = network(Dl4jLosses.softmaxCrossEntropy());
        List<String> log = new ArrayList<>();
        ClassReportListener listener = new ClassReportListener(0, log::add);
        network.setListeners(listener);
        network.fit(iterator, 2);
        assertEquals(2, log.size());
        assertTrue(log.get(1).contains("epoch 1"), log.get(1));
        assertEquals(0, listener.reports().size());
    }

    @Test
    void masksAndProbabilitiesBehindAnActivationAreReportedToo() {
        MultiLayerNetwork network = network(Dl4jLosses.of(new CrossEntropy(1e-4)));
        ClassReportListener listener = ClassReportListener.everyEpoch();
        network.setListeners(listener);
        DataSet data = data(3);
        INDArray mask = Nd4j.ones(DataType.FLOAT, data.numExamples(), 1);
        mask.putScalar(0, 0, 0);
        data.setLabelsMaskArray(mask);
        network.fit(data);
        assertEquals(data.numExamples() - 1, only(listener).all().count());
        double probability = only(listener).all().meanProbability();
        assertTrue(probability > 0 && probability < 1);
    }

    @Test
    void everyHeadOfAGraphHasATableUnlessItKnowsNoClasses() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("trunk", new DenseLayer.Builder().nIn(2).nOut(5).build(), "in")
                .addLayer("kind", output(Dl4jLosses.softmaxCrossEntropy(), Activation.SOFTMAX, 3), "trunk")
                .addLayer("dense", new DenseLayer.Builder().nIn(5).nOut(2).build(), "trunk")
                .addLayer(
                        "tags",
                        new LossLayer.Builder(Dl4jLosses.sigmoidCrossEntropy())
                                .activation(Activation.SIGMOID)
                                .build(),
                        "dense")
                .addLayer("size", output(Dl4jLosses.huber(1), Activation.IDENTITY, 1), "trunk")
                .setOutputs("kind", "tags", "size")
                .build());
        graph.init();
        ClassReportListener listener = ClassReportListener.everyEpoch();
        graph.setListeners(listener);
        INDArray kinds = Nd4j.zeros(DataType.FLOAT, ROWS, 3);
        for (int r = 0; r < ROWS; r++) {
            kinds.putScalar(r, r % 3, 1);
        }
        INDArray[] labels = {kinds, Nd4j.ones(DataType.FLOAT, ROWS, 2), Nd4j.rand(DataType.FLOAT, ROWS, 1)};
        graph.fit(new MultiDataSet(new INDArray[] {Nd4j.rand(DataType.FLOAT, ROWS, 2)}, labels));
        assertEquals(List.of("kind", "tags"), List.copyOf(listener.reports().keySet()));
        assertEquals(ROWS / 3, listener.reports().get("kind").of(1).count());
        assertEquals(ROWS, listener.reports().get("tags").yes(1).count());
        assertEquals(0, listener.reports().get("tags").no(1).count());
    }

    private static OutputLayer output(ILossFunction loss, Activation activation, int nOut) {
        return new OutputLayer.Builder(loss)
                .activation(activation)
                .nIn(5)
                .nOut(nOut)
                .build();
    }

    @Test
    void r7_1_savedModelsAreSilentAndListenersCanBeTakenAway() throws IOException {
        Loss4jLoss loss = Dl4jLosses.softmaxFocal(2);
        MultiLayerNetwork network = network(loss);
        ClassReportListener listener = ClassReportListener.everyEpoch();
        network.setListeners(listener);
        network.fit(data(3));
        assertEquals(loss, lossOf(network));
        assertNull(loss.classReports(), "the loss of the builder is as it was");

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        MultiLayerNetwork loaded =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()), true);
        assertEquals(loss, lossOf(loaded));
        assertNull(((Loss4jLoss) lossOf(loaded)).classReports());
        loaded.setListeners(listener);
        loaded.fit(data(3));
        assertEquals(data(3).numExamples(), only(listener).all().count());

        listener.detach(loaded);
        assertNull(((Loss4jLoss) lossOf(loaded)).classReports());
    }

    @Test
    void reportingGoesOnAndTakesNoMoreMemory() {
        MultiLayerNetwork network = network(Dl4jLosses.softmaxCrossEntropy());
        ClassReportListener listener = ClassReportListener.everyEpoch();
        network.setListeners(listener);
        DataSet data = data(3);
        network.fit(data);
        ILossFunction first = lossOf(network);
        for (int i = 0; i < 50; i++) {
            network.fit(data);
        }
        assertSame(first, lossOf(network));
        assertEquals(3, only(listener).lines().size());
        assertEquals(51.0 * data.numExamples(), only(listener).all().count());
    }

    @Test
    void r9_1_whatCannotBeReportedIsRefused() {
        LossInputException none =
                assertThrows(LossInputException.class, () -> Dl4jLosses.huber(1).withClassReports(report -> {}));
        assertEquals("L4J-P08", none.code());
        LossInputException never = assertThrows(LossInputException.class, () -> ClassReportListener.everyIterations(0));
        assertEquals("L4J-D08", never.code());
    }
}
