package io.loss4j.dl4j.schedule;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassWeights;
import io.loss4j.dl4j.ClassReportListener;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.dl4j.Loss4jLoss;
import io.loss4j.dl4j.NetworkLosses;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.WeightedSum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class LossScheduleTest {
    private static final ClassWeights WEIGHTS = ClassWeights.of(0.5, 4);
    private static final int BATCHES = 3;

    @TempDir
    Path folder;

    private static List<DataSet> batches(int number) {
        Random random = new Random(5);
        List<DataSet> data = new ArrayList<>();
        for (int b = 0; b < number; b++) {
            double[][] x = new double[8][2];
            double[][] y = new double[8][2];
            for (int i = 0; i < 8; i++) {
                int label = i % 4 == 0 ? 1 : 0;
                x[i] = new double[] {random.nextGaussian() + label, random.nextGaussian()};
                y[i][label] = 1;
            }
            data.add(new DataSet(
                    Nd4j.create(x).castTo(DataType.FLOAT), Nd4j.create(y).castTo(DataType.FLOAT)));
        }
        return data;
    }

    private static DataSetIterator data() {
        return new ListDataSetIterator<>(batches(BATCHES), 1);
    }

    private static MultiLayerNetwork network(Loss4jLoss loss, TrainingListener... listeners) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.05))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .activation(Activation.SOFTMAX)
                        .nIn(4)
                        .nOut(2)
                        .build())
                .build());
        network.init();
        network.setListeners(listeners);
        return network;
    }

    private static Loss4jLoss loss(Model network) {
        return NetworkLosses.of(network).values().iterator().next();
    }

    /** Writes down something about the loss that each step was made with. */
    private static final class Seen<T> extends BaseTrainingListener {
        private final List<T> seen = Collections.synchronizedList(new ArrayList<>());
        private final Function<Loss4jLoss, T> what;

        Seen(Function<Loss4jLoss, T> what) {
            this.what = what;
        }

        @Override
        public void iterationDone(Model network, int iteration, int epoch) {
            seen.add(what.apply(loss(network)));
        }
    }

    private static Seen<Boolean> weighted() {
        return new Seen<>(loss -> !loss.function().classWeights().isNone());
    }

    private static Seen<Double> gamma() {
        return new Seen<>(
                loss -> ((SoftmaxFocal) loss.function().spec()).gamma().at(0));
    }

    private static <T> List<T> times(int n, T value, int m, T other) {
        List<T> all = new ArrayList<>(Collections.nCopies(n, value));
        all.addAll(Collections.nCopies(m, other));
        return all;
    }

    @Test
    void weightsComeOnAtTheirEpoch() {
        Seen<Boolean> seen = weighted();
        MultiLayerNetwork network =
                network(Dl4jLosses.softmaxCrossEntropy(), new DeferredReweighting(WEIGHTS, 2), seen);
        network.fit(data(), 4);
        assertEquals(times(2 * BATCHES, false, 2 * BATCHES, true), seen.seen);
        assertEquals(WEIGHTS, loss(network).function().classWeights());
    }

    /** Before its epoch it is the loss without weights, from epoch 0 on that with them, to the bit. */
    @Test
    void atTheEndsItIsPlainOrWeightedTraining() {
        MultiLayerNetwork never =
                network(Dl4jLosses.softmaxCrossEntropy(WEIGHTS), new DeferredReweighting(WEIGHTS, 100));
        MultiLayerNetwork always = network(Dl4jLosses.softmaxCrossEntropy(), new DeferredReweighting(WEIGHTS, 0));
        MultiLayerNetwork plain = network(Dl4jLosses.softmaxCrossEntropy());
        MultiLayerNetwork weighted = network(Dl4jLosses.softmaxCrossEntropy(WEIGHTS));
        for (MultiLayerNetwork network : List.of(never, always, plain, weighted)) {
            network.fit(data(), 3);
        }
        assertEquals(plain.params(), never.params());
        assertEquals(weighted.params(), always.params());
        assertNotEquals(plain.params(), weighted.params());
    }

    /** Interrupted before, at and after the epoch of the change: the parameters of an uninterrupted training, to the bit. */
    @Test
    void r7_aRestoredNetworkGoesOnWhereItWas() throws IOException {
        ISchedule rising = new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, 0.0)
                .add(4, 1.0)
                .add(8, 2.5)
                .build();
        Loss4jLoss loss = Dl4jLosses.softmaxFocal(7);
        MultiLayerNetwork whole = network(loss, new DeferredReweighting(WEIGHTS, 2), LossSchedule.of("gamma", rising));
        whole.fit(data(), 4);
        for (int stop = 1; stop < 4; stop++) {
            MultiLayerNetwork first =
                    network(loss, new DeferredReweighting(WEIGHTS, 2), LossSchedule.of("gamma", rising));
            first.fit(data(), stop);
            Path file = folder.resolve("stopped-" + stop);
            ModelSerializer.writeModel(first, file.toFile(), true);
            MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
            assertEquals(loss(first), loss(restored), "saved as it was");
            restored.setListeners(new DeferredReweighting(WEIGHTS, 2), LossSchedule.of("gamma", rising));
            restored.fit(data(), 4 - stop);
            assertEquals(whole.params(), restored.params(), "stopped after " + stop);
            assertEquals(loss(whole), loss(restored));
        }
    }

    @Test
    void parametersFollowEpochsOrIterations() {
        ISchedule byEpoch = new MapSchedule.Builder(ScheduleType.EPOCH)
                .add(0, 0.0)
                .add(1, 3.0)
                .build();
        Seen<Double> epochs = gamma();
        network(Dl4jLosses.softmaxFocal(7), LossSchedule.of("gamma", byEpoch), epochs)
                .fit(data(), 2);
        assertEquals(times(BATCHES, 0.0, BATCHES, 3.0), epochs.seen);

        ISchedule byIteration = new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, 0.5)
                .add(4, 1.5)
                .build();
        Seen<Double> iterations = gamma();
        network(Dl4jLosses.softmaxFocal(7), LossSchedule.of("gamma", byIteration), iterations)
                .fit(data(), 2);
        assertEquals(times(4, 0.5, 2, 1.5), iterations.seen);
    }

    /** Single data sets: iterations count, epochs where one says so. */
    @Test
    void withoutAnIteratorTheNetworksOwnCountsHold() {
        Seen<Boolean> seen = weighted();
        MultiLayerNetwork network =
                network(Dl4jLosses.softmaxCrossEntropy(), new DeferredReweighting(WEIGHTS, 1), seen);
        network.fit(batches(1).get(0));
        network.fit(batches(1).get(0));
        network.setEpochCount(1);
        network.fit(batches(1).get(0));
        assertEquals(List.of(false, false, true), seen.seen);
    }

    @Test
    void anythingMayBeScheduled() {
        Seen<Double> seen = new Seen<>(loss -> loss.function().labelSmoothing());
        MultiLayerNetwork network = network(
                Dl4jLosses.softmaxCrossEntropy(),
                LossSchedule.of((loss, epoch, iteration) -> loss.withLabelSmoothing(epoch == 0 ? 0.1 : 0)),
                seen);
        network.fit(data(), 2);
        assertEquals(times(BATCHES, 0.1, BATCHES, 0.0), seen.seen);
    }

    @Test
    void termsOfASumAreFoundThatHaveTheParameter() {
        WeightedSum sum = new WeightedSum(new Scaled(0.3, new SoftmaxFocal(1)), new SoftmaxCrossEntropy());
        MultiLayerNetwork network = network(
                Dl4jLosses.of(sum),
                LossSchedule.of(
                        "gamma",
                        new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 4.0).build()));
        network.fit(data(), 1);
        assertEquals(
                new WeightedSum(new Scaled(0.3, new SoftmaxFocal(4)), new SoftmaxCrossEntropy()),
                loss(network).function().spec());
    }

    private static ComputationGraph graph(TrainingListener... listeners) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.05))
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "kind",
                        new OutputLayer.Builder(Dl4jLosses.softmaxCrossEntropy())
                                .activation(Activation.SOFTMAX)
                                .nIn(2)
                                .nOut(2)
                                .build(),
                        "in")
                .addLayer(
                        "size",
                        new OutputLayer.Builder(Dl4jLosses.of(new MeanSquaredError()))
                                .activation(Activation.IDENTITY)
                                .nIn(2)
                                .nOut(2)
                                .build(),
                        "in")
                .setOutputs("kind", "size")
                .build());
        graph.init();
        graph.setListeners(listeners);
        return graph;
    }

    private static MultiDataSet both() {
        DataSet one = batches(1).get(0);
        return new MultiDataSet(new INDArray[] {one.getFeatures()}, new INDArray[] {one.getLabels(), one.getLabels()});
    }

    @Test
    void oneOutputOfAGraphIsChangedAndRestored() throws IOException {
        ComputationGraph graph = graph(new DeferredReweighting(WEIGHTS, 1).onlyOutput("kind"));
        assertEquals(Set.of("kind", "size"), NetworkLosses.of(graph).keySet());
        graph.fit(both());
        assertTrue(NetworkLosses.of(graph).get("kind").function().classWeights().isNone());
        graph.getConfiguration().setEpochCount(1);
        graph.fit(both());
        assertEquals(WEIGHTS, NetworkLosses.of(graph).get("kind").function().classWeights());
        assertTrue(NetworkLosses.of(graph).get("size").function().classWeights().isNone());
        Path file = folder.resolve("graph");
        ModelSerializer.writeModel(graph, file.toFile(), true);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile(), true);
        assertEquals(NetworkLosses.of(graph), NetworkLosses.of(restored));
        restored.setListeners(new DeferredReweighting(WEIGHTS, 1).onlyOutput("kind"));
        graph.fit(both());
        restored.fit(both());
        assertEquals(graph.params(), restored.params());
    }

    @Test
    void earlyStoppingSeesTheSameEpochs() {
        Seen<Boolean> seen = weighted();
        MultiLayerNetwork network =
                network(Dl4jLosses.softmaxCrossEntropy(), new DeferredReweighting(WEIGHTS, 2), seen);
        EarlyStoppingConfiguration<MultiLayerNetwork> configuration = new EarlyStoppingConfiguration.Builder<
                        MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
                .scoreCalculator(new DataSetLossCalculator(data(), true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        EarlyStoppingResult<MultiLayerNetwork> result = new EarlyStoppingTrainer(configuration, network, data()).fit();
        assertEquals(times(2 * BATCHES, false, 2 * BATCHES, true), seen.seen);
        MultiLayerNetwork best = result.getBestModel();
        assertEquals(
                result.getBestModelEpoch() < 2,
                loss(best).function().classWeights().isNone());
    }

    /** By averaging: with shared gradients, workers that start late block each other in Deeplearning4j itself. */
    @Test
    void workersOfAParallelWrapperFollowTheNetworkThatCounts() {
        Seen<String> seen = new Seen<>(loss -> Thread.currentThread().getName() + " "
                + (loss.function().classWeights().isNone() ? "plain" : "weighted"));
        MultiLayerNetwork network = network(Dl4jLosses.softmaxCrossEntropy());
        network.setListeners(new DeferredReweighting(WEIGHTS, 2).countedBy(network), seen);
        ParallelWrapper wrapper = wrapper(network);
        try {
            for (int epoch = 0; epoch < 4; epoch++) {
                wrapper.fit(new ListDataSetIterator<>(batches(8), 1));
                network.incrementEpochCount();
                String state = epoch < 2 ? " plain" : " weighted";
                assertEquals(
                        Set.of(
                                "ParallelWrapper training thread 0" + state,
                                "ParallelWrapper training thread 1" + state),
                        Set.copyOf(seen.seen));
                seen.seen.clear();
            }
        } finally {
            wrapper.shutdown();
        }
    }

    private static ParallelWrapper wrapper(MultiLayerNetwork network) {
        return new ParallelWrapper.Builder<>(network)
                .workers(2)
                .prefetchBuffer(0)
                .averagingFrequency(1)
                .build();
    }

    /** An exception would make the wrapper wait for ever. */
    @Test
    void r9_workersThatNobodyCountsForAreReportedOnce() {
        MultiLayerNetwork network = network(Dl4jLosses.softmaxCrossEntropy(), new DeferredReweighting(WEIGHTS, 2));
        ParallelWrapper wrapper = wrapper(network);
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            wrapper.fit(new ListDataSetIterator<>(batches(4), 1));
        } finally {
            System.setErr(before);
            wrapper.shutdown();
        }
        String text = log.toString(StandardCharsets.UTF_8);
        assertEquals(2, text.split("L4J-D59", -1).length, text);
        assertTrue(text.contains("use countedBy(network)"), text);
    }

    /** Both listeners change the same losses and leave each other's change alone. */
    @Test
    void reportsOfClassesGoOn() {
        ClassReportListener reports = ClassReportListener.everyIterations(1000);
        MultiLayerNetwork network =
                network(Dl4jLosses.softmaxCrossEntropy(), reports, new DeferredReweighting(WEIGHTS, 1));
        network.fit(data(), 2);
        double weights = reports.reports().values().iterator().next().lines().stream()
                .mapToDouble(line -> line.weightSum())
                .sum();
        assertEquals(BATCHES * 8 + BATCHES * (6 * 0.5 + 2 * 4), weights, 1e-9);
    }

    @Test
    void r9_whatCannotBeScheduledStopsTheFirstStep() {
        DataSet batch = batches(1).get(0);
        ISchedule one = new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 1.0).build();
        refused(
                "L4J-D57",
                "layer1 softmax_cross_entropy",
                () -> network(Dl4jLosses.softmaxCrossEntropy(), LossSchedule.of("gama", one))
                        .fit(batch));
        refused(
                "L4J-D57",
                "no output kind takes it",
                () -> network(Dl4jLosses.softmaxCrossEntropy(), new DeferredReweighting(WEIGHTS, 1).onlyOutput("kind"))
                        .fit(batch));
        refused(
                "L4J-P05",
                "gamma",
                () -> network(
                                Dl4jLosses.softmaxFocal(1),
                                LossSchedule.of(
                                        "gamma",
                                        new MapSchedule.Builder(ScheduleType.EPOCH)
                                                .add(0, -1.0)
                                                .build()))
                        .fit(batch));
        refused(
                "L4J-W02",
                "3",
                () -> network(Dl4jLosses.softmaxCrossEntropy(), new DeferredReweighting(ClassWeights.of(1, 2, 3), 0))
                        .fit(batch));
        refused("L4J-D58", "none", () -> new DeferredReweighting(ClassWeights.none(), 3));
        refused("L4J-D58", "from epoch -1", () -> new DeferredReweighting(WEIGHTS, -1));
        MultiLayerNetwork theirs = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(2)
                        .nOut(2)
                        .build())
                .build());
        theirs.init();
        theirs.setListeners(new DeferredReweighting(WEIGHTS, 1));
        refused("L4J-D57", "losses of Loss4J: none", () -> theirs.fit(batch));
    }
}
