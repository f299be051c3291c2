package io.loss4j.dl4j.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The iterators, the split, and trainings with them. */
class TrainingBatchesTest {
    private static final DataSet RARE = TrainingData.clouds(DataType.FLOAT, 2, 5, 300, 30, 6);

    private static List<DataSet> epoch(DataSetIterator batches) {
        List<DataSet> epoch = new ArrayList<>();
        while (batches.hasNext()) {
            epoch.add(batches.next());
        }
        batches.reset();
        return epoch;
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.02))
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(8).build())
                .layer(new OutputLayer.Builder(Dl4jLosses.softmaxCrossEntropy())
                        .activation(Activation.SOFTMAX)
                        .nIn(8)
                        .nOut(3)
                        .build())
                .build());
        network.init();
        return network;
    }

    static Stream<DataSetIterator> wrappers() {
        List<CategoricalFeature> none = List.of();
        return Stream.of(
                BalancedBatches.exactly(RARE, 48, 7),
                BalancedBatches.inExpectation(RARE, 48, 7),
                new ResampledIterator(RARE, new RandomOverSampler(7), 48),
                new ResampledIterator(RARE, new RandomUnderSampler(7), 6),
                new ResampledIterator(RARE, new Smote(7), 48),
                new ResampledIterator(RARE, new BorderlineSmote(BorderlineSmote.Kind.BORDERLINE_2, 7), 48),
                new ResampledIterator(RARE, new SmoteNc(none, 7), 48));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void networksLearnTheRareClass(DataSetIterator batches) {
        MultiLayerNetwork network = network();
        network.fit(batches, batches.batch() == 6 ? 100 : 12); // an epoch of the under-sampler has three batches
        Evaluation evaluation = new Evaluation(3);
        DataSet unseen = TrainingData.clouds(DataType.FLOAT, 2, 6, 100, 100, 100);
        evaluation.eval(unseen.getLabels(), network.output(unseen.getFeatures()));
        for (int k = 0; k < 3; k++) {
            assertTrue(evaluation.recall(k) > 0.6, "recall of class " + k + ": " + evaluation.recall(k));
        }
    }

    @Test
    void networksRefuseToBeEvaluatedOnThem() {
        refusesEvaluation(BalancedBatches.exactly(RARE, 48, 7));
        refusesEvaluation(new ResampledIterator(RARE, new RandomUnderSampler(7), 6));
    }

    private static void refusesEvaluation(DataSetIterator batches) {
        MultiLayerNetwork network = network();
        ComputationGraph graph = network.toComputationGraph();
        for (Runnable evaluation : List.<Runnable>of(
                () -> network.evaluate(batches),
                () -> network.evaluateROCMultiClass(batches, 0),
                () -> network.doEvaluation(batches, new Evaluation(3)),
                () -> graph.evaluate(batches),
                () -> new DataSetLossCalculator(batches, true).calculateScore(network))) {
            LossInputException e = assertThrows(LossInputException.class, evaluation::run);
            assertEquals("L4J-D46", e.code(), e.getMessage());
        }
        assertTrue(batches.hasNext(), "training goes on");
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void epochsDifferButFollowFromTheSeed(DataSetIterator batches) {
        INDArray first = batches.next().getFeatures();
        batches.reset();
        batches.reset(); // twice is once
        INDArray second = batches.next().getFeatures();
        assertNotEquals(first, second);
        assertFalse(batches.asyncSupported());
        assertEquals(2, batches.inputColumns());
        assertEquals(3, batches.totalOutcomes());
        DataSetIterator again = wrappers()
                .filter(other -> other.next().getFeatures().equals(first))
                .findFirst()
                .orElseThrow();
        again.reset();
        assertEquals(second, again.next().getFeatures());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 48, 50})
    void exactBatchesDifferByOneAtMost(int size) {
        int[] sum = new int[3];
        List<DataSet> epoch = epoch(BalancedBatches.exactly(RARE, size, 7).withBatches(60));
        assertEquals(60, epoch.size());
        for (DataSet batch : epoch) {
            int[] counts = TrainingData.counts(batch);
            assertEquals(size, Arrays.stream(counts).sum());
            assertTrue(Arrays.stream(counts).max().orElseThrow()
                            - Arrays.stream(counts).min().orElseThrow()
                    <= 1);
            for (int k = 0; k < 3; k++) {
                sum[k] += counts[k];
            }
        }
        // who has one more is chosen among three 60 times: deviation sqrt(60 * 2 / 9) = 3.7 at most
        assertEquals(60 * size / 3.0, sum[0], size % 3 == 0 ? 0 : 15);
    }

    @Test
    void balancedInExpectation() {
        int[] sum = new int[3];
        boolean differ = false;
        for (DataSet batch : epoch(BalancedBatches.inExpectation(RARE, 30, 7).withBatches(100))) {
            int[] counts = TrainingData.counts(batch);
            differ |= counts[0] != 10;
            for (int k = 0; k < 3; k++) {
                sum[k] += counts[k];
            }
        }
        assertTrue(differ);
        for (int k = 0; k < 3; k++) {
            assertEquals(1000, sum[k], 104, "four standard deviations of sqrt(3000 * 2 / 9)");
        }
    }

    @Test
    void everyExampleHasItsTurnBeforeAnyComesAgain() {
        BalancedBatches batches = BalancedBatches.exactly(RARE, 3, 7).withBatches(100);
        Map<Double, Integer> seen = new HashMap<>();
        for (int i = 0; i < 3; i++) { // three epochs of 100 batches with one of each class
            for (DataSet batch : epoch(batches)) {
                for (double[] row : TrainingData.features(batch)) {
                    seen.merge(row[0], 1, Integer::sum);
                }
            }
        }
        int[] classes = TrainingData.classes(RARE);
        double[][] x = TrainingData.features(RARE);
        for (int i = 0; i < x.length; i++) {
            int expected = new int[] {1, 10, 50}[classes[i]];
            assertEquals(expected, seen.get(x[i][0]), "example " + i + " of class " + classes[i]);
        }
    }

    @Test
    void anEpochHoldsEveryResampledRowOnce() {
        ResampledIterator batches = new ResampledIterator(RARE, new RandomUnderSampler(7), 4);
        List<DataSet> epoch = epoch(batches);
        assertEquals(
                List.of(4, 4, 4, 4, 2), epoch.stream().map(DataSet::numExamples).toList());
        Set<Double> rows = new HashSet<>();
        epoch.forEach(batch -> Arrays.stream(TrainingData.features(batch)).forEach(row -> rows.add(row[0])));
        assertEquals(18, rows.size());
    }

    @Test
    void batchesOfAnIteratorAreGatheredWithTheirMasks() {
        DataSet first = new DataSet(
                Nd4j.rand(DataType.FLOAT, 3, 2),
                Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 0}}),
                null,
                Nd4j.createFromArray(1, 2, 3).castTo(DataType.FLOAT).reshape(3, 1));
        DataSet second = first.copy();
        // a ListDataSetIterator merges, which damages masks of one column
        DataSetIterator source = new ExistingDataSetIterator(List.of(first, second));
        DataSet batch = BalancedBatches.exactly(source, 6, 1).next();
        assertEquals(6, batch.numExamples());
        for (int i = 0; i < 6; i++) {
            double weight = batch.getLabelsMaskArray().getDouble(i, 0);
            assertEquals(weight == 2, batch.getLabels().getDouble(i, 1) == 1, "weights stay with their rows");
        }
        second.setLabelsMaskArray(null);
        source.reset();
        LossInputException e = assertThrows(LossInputException.class, () -> BalancedBatches.exactly(source, 6, 1));
        assertEquals("L4J-D45", e.code());
    }

    @Test
    void wrongUseIsRefused() {
        for (Runnable wrong : List.<Runnable>of(
                () -> BalancedBatches.exactly(RARE, 0, 1),
                () -> BalancedBatches.exactly(RARE, 4, 1).withBatches(0),
                () -> new ResampledIterator(RARE, new Smote(1), -1),
                () -> BalancedBatches.exactly(new ExistingDataSetIterator(List.<DataSet>of()), 3, 1))) {
            assertEquals(
                    "L4J-D45",
                    assertThrows(LossInputException.class, wrong::run).code());
        }
        BalancedBatches one = BalancedBatches.exactly(RARE, 4, 1).withBatches(1);
        one.next();
        assertThrows(NoSuchElementException.class, one::next);
    }

    @Test
    void splitsAreDisjointAndStratified() {
        StratifiedSplit split = StratifiedSplit.of(RARE, 0.25, 3);
        assertArrayEquals(
                new int[] {75, 8, 2}, TrainingData.counts(split.evaluation())); // round(7.5) = 8, round(1.5) = 2
        assertArrayEquals(new int[] {225, 22, 4}, TrainingData.counts(split.training()));
        assertDisjoint(split);
        List<StratifiedSplit> folds = StratifiedSplit.folds(RARE, 5, 3);
        int sum = 0;
        for (StratifiedSplit fold : folds) {
            int[] counts = TrainingData.counts(fold.evaluation());
            assertEquals(60, counts[0]);
            assertEquals(6, counts[1]);
            assertTrue(counts[2] == 1 || counts[2] == 2);
            sum += fold.evaluation().numExamples();
            assertDisjoint(fold);
        }
        assertEquals(336, sum);
    }

    private static void assertDisjoint(StratifiedSplit split) {
        Set<Double> training = new HashSet<>();
        Arrays.stream(TrainingData.features(split.training())).forEach(row -> training.add(row[0]));
        Arrays.stream(TrainingData.features(split.evaluation())).forEach(row -> assertFalse(training.contains(row[0])));
    }

    @Test
    void resamplingNeverTouchesTheEvaluationPart() {
        StratifiedSplit split = StratifiedSplit.of(RARE, 0.5, 3);
        StratifiedSplit resampled = split.resampled(new Smote(1).withNeighbours(2));
        assertTrue(split.evaluation() == resampled.evaluation());
        for (Runnable wrong : List.<Runnable>of(
                () -> StratifiedSplit.of(resampled.training(), 0.5, 1),
                () -> StratifiedSplit.folds(resampled.training(), 3, 1),
                () -> new StratifiedSplit(RARE, resampled.training()))) {
            assertEquals(
                    "L4J-D46",
                    assertThrows(LossInputException.class, wrong::run).code());
        }
        for (Runnable wrong : List.<Runnable>of(
                () -> StratifiedSplit.folds(RARE, 7, 1),
                () -> StratifiedSplit.folds(RARE, 1, 1),
                () -> StratifiedSplit.of(RARE, 1, 1))) {
            assertEquals(
                    "L4J-D47",
                    assertThrows(LossInputException.class, wrong::run).code());
        }
    }
}
