package io.loss4j.dl4j;

import static io.loss4j.dl4j.Arrays2d.assertClose;
import static io.loss4j.dl4j.Arrays2d.doubles;
import static io.loss4j.dl4j.Arrays2d.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Networks that were built, trained and saved with Deeplearning4j's own losses. */
class MigrationTest {
    private static final DataType TYPE = DataType.DOUBLE;
    private static final INDArray WEIGHTS = doubles(row(0.5, 2, 1.25));

    private static DataSet data(Head head) {
        return new DataSet(head.features(TYPE), head.oneHot(TYPE, 3), null, head.rowMask(TYPE));
    }

    private static MultiLayerNetwork trained(Head head, ILossFunction loss) {
        MultiLayerNetwork network = head.network(loss, Activation.SOFTMAX, 3, TYPE, new Adam(0.05));
        for (int i = 0; i < 3; i++) {
            network.fit(data(head));
        }
        return network;
    }

    /** The state of the updater and the counters go along: both networks take the same further steps. */
    @ParameterizedTest
    @EnumSource(Head.class)
    void everyHeadGoesOnAsBefore(Head head) {
        MultiLayerNetwork theirs = trained(head, new LossMCXENT(0, WEIGHTS));
        theirs.setListeners(new ScoreIterationListener(100));
        MultiLayerConfiguration before = theirs.getLayerWiseConfigurations().clone();
        Migration<MultiLayerNetwork> migration = Migration.replaceLosses(theirs);
        MultiLayerNetwork ours = migration.network();
        assertEquals(before, theirs.getLayerWiseConfigurations());
        assertNotSame(theirs, ours);
        assertEquals(theirs.getListeners(), ours.getListeners());
        assertEquals(1, migration.changes().size());
        assertTrue(migration.changes().get(0).isReplaced());
        assertEquals(3, ours.getIterationCount());
        for (int i = 0; i < 3; i++) {
            theirs.fit(data(head));
            ours.fit(data(head));
        }
        assertClose(theirs.params(), ours.params(), 1e-9);
        assertEquals(theirs.getIterationCount(), ours.getIterationCount());
        assertEquals(theirs.score(data(head)), ours.score(data(head)), 1e-9);
    }

    @Test
    void aLoadedModelIsMigratedAndSavedAgain(@TempDir File folder) throws Exception {
        Head head = Head.OUTPUT;
        File file = new File(folder, "theirs.zip");
        ModelSerializer.writeModel(trained(head, new LossMSE(WEIGHTS)), file, true);
        MultiLayerNetwork theirs = ModelSerializer.restoreMultiLayerNetwork(file, true);
        MultiLayerNetwork ours = Migration.replaceLosses(theirs).network();
        ModelSerializer.writeModel(ours, file, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
        for (int i = 0; i < 3; i++) {
            theirs.fit(data(head));
            restored.fit(data(head));
        }
        assertClose(theirs.params(), restored.params(), 1e-9);
        assertEquals(
                "mean_squared_error(per_output_mean=true, class_weights=[0.5,2.0,1.25])",
                ((OutputLayer) restored.getLayer(1).conf().getLayer())
                        .getLossFn()
                        .toString());
    }

    @Test
    void graphsGoOnAsBefore() {
        ComputationGraph theirs = new ComputationGraph(twoHeads(new LossMCXENT(0, null), new LossBinaryXENT(0, null)));
        Head head = Head.OUTPUT;
        MultiDataSet data = new MultiDataSet(
                new INDArray[] {head.features(TYPE)},
                new INDArray[] {head.oneHot(TYPE, 3), head.binary(TYPE, 2)},
                null,
                new INDArray[] {head.rowMask(TYPE), head.elementMask(TYPE, 2)});
        Migration<ComputationGraph> untrained = Migration.replaceLosses(theirs);
        assertEquals(2, untrained.changes().size());
        theirs.init();
        untrained.network().init();
        assertClose(theirs.params(), untrained.network().params(), 0);
        theirs.fit(data);
        theirs.fit(data);
        Migration<ComputationGraph> migration = Migration.replaceLosses(theirs);
        ComputationGraph ours = migration.network();
        assertEquals(2, ours.getIterationCount());
        for (int i = 0; i < 3; i++) {
            theirs.fit(data);
            ours.fit(data);
        }
        assertClose(theirs.params(), ours.params(), 1e-9);
        assertEquals(
                "2 of 2 losses replaced\n"
                        + "  classes: LossMCXENT() -> cross_entropy(epsilon=null)\n"
                        + "  flags: LossBinaryXENT() -> binary_cross_entropy(epsilon=null)",
                migration.toString());
    }

    private static ComputationGraphConfiguration twoHeads(ILossFunction classes, ILossFunction flags) {
        return new NeuralNetConfiguration.Builder()
                .seed(42)
                .dataType(TYPE)
                .updater(new Adam(0.05))
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
    }

    private static Migration<MultiLayerConfiguration> migrate(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        return Migration.replaceLosses(list.validateOutputLayerConfig(false).build());
    }

    private static List<Boolean> replaced(Migration<?> migration) {
        return migration.changes().stream().map(Migration.Change::isReplaced).collect(Collectors.toList());
    }

    @Test
    void whatIsKeptIsReportedWithTheReason() {
        ILossFunction own = new WrongGradient();
        Migration<MultiLayerConfiguration> migration = migrate(
                new DenseLayer.Builder().nIn(2).nOut(2).build(),
                new OutputLayer.Builder(own)
                        .name("own")
                        .activation(Activation.SOFTMAX)
                        .nIn(2)
                        .nOut(2)
                        .build(),
                new OutputLayer.Builder(new LossMCXENT())
                        .activation(Activation.SIGMOID)
                        .nIn(2)
                        .nOut(2)
                        .build(),
                new LossLayer.Builder(new LossMSE()).activation(Activation.TANH).build(),
                new LossLayer.Builder(Dl4jLosses.huber(1)).build());
        assertEquals(List.of(false, false, true), replaced(migration));
        String[] lines = migration.toString().split("\n");
        assertEquals("1 of 3 losses replaced", lines[0]);
        assertTrue(lines[1].startsWith("  own: LossMCXENT() kept: L4J-D07 io.loss4j.dl4j.WrongGradient"), lines[1]);
        assertTrue(
                lines[2].contains("kept: L4J-D01 cross_entropy: the layer's activation is ActivationSigmoid"),
                lines[2]);
        assertEquals("  layer3: LossMSE() -> mean_squared_error(per_output_mean=true)", lines[3]);
        assertSame(
                own.getClass(),
                ((OutputLayer) migration.network().getConf(1).getLayer())
                        .getLossFn()
                        .getClass());
    }

    @Test
    void lossesInsideOtherLayersAreFound() {
        Layer output = new OutputLayer.Builder(new LossMCXENT())
                .activation(Activation.SOFTMAX)
                .nIn(2)
                .nOut(2)
                .build();
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FrozenLayer(output))
                .build();
        Migration<MultiLayerConfiguration> migration = Migration.replaceLosses(configuration);
        assertEquals(List.of(true), replaced(migration));
        FrozenLayer frozen = (FrozenLayer) migration.network().getConf(0).getLayer();
        assertTrue(((OutputLayer) frozen.getLayer()).getLossFn() instanceof Loss4jLoss);
        FrozenLayer before = (FrozenLayer) configuration.getConf(0).getLayer();
        assertFalse(((OutputLayer) before.getLayer()).getLossFn() instanceof Loss4jLoss);

        Yolo2OutputLayer yolo = new Yolo2OutputLayer.Builder()
                .boundingBoxPriors(Nd4j.create(new double[][] {{1, 1}, {2, 1}}))
                .lossClassPredictions(new LossMCXENT())
                .build();
        assertEquals(List.of(true, true), replaced(migrate(yolo)));

        VariationalAutoencoder vae = new VariationalAutoencoder.Builder()
                .nIn(4)
                .nOut(2)
                .encoderLayerSizes(5)
                .decoderLayerSizes(5)
                .reconstructionDistribution(new LossFunctionWrapper(Activation.TANH, new LossL2()))
                .build();
        Migration<MultiLayerConfiguration> reconstruction = migrate(vae);
        assertEquals(List.of(true), replaced(reconstruction));
        VariationalAutoencoder after =
                (VariationalAutoencoder) reconstruction.network().getConf(0).getLayer();
        assertEquals(
                Dl4jLosses.meanSquaredError(), ((LossFunctionWrapper) after.getOutputDistribution()).getLossFunction());

        AutoEncoder enumOnly = new AutoEncoder.Builder()
                .nIn(4)
                .nOut(2)
                .lossFunction(LossFunctions.LossFunction.MSE)
                .build();
        Migration<MultiLayerConfiguration> kept = migrate(enumOnly);
        assertEquals(List.of(false), replaced(kept));
        assertTrue(
                kept.toString().endsWith("layer0: LossMSE() kept: AutoEncoder takes words of an enum only"),
                kept::toString);
    }
}
