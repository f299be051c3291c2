package io.loss4j.dl4j.metric;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.dl4j.Dl4jLosses;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class PredictionsTest {
    private static final double[][] SCORES = {{0.7, 0.2, 0.1}, {0.1, 0.3, 0.6}, {0.25, 0.5, 0.25}, {0.2, 0.4, 0.4}};
    private static final int[] LABELS = {0, 2, 0, 1};

    private static void assertSame(Predictions expected, Predictions actual, double tolerance) {
        assertArrayEquals(expected.labels(), actual.labels());
        assertEquals(expected.classes(), actual.classes());
        for (int row = 0; row < expected.rows(); row++) {
            for (int k = 0; k < expected.classes(); k++) {
                assertEquals(expected.score(row, k), actual.score(row, k), tolerance);
            }
        }
    }

    private static INDArray oneHot() {
        return Nd4j.create(new double[][] {{1, 0, 0}, {0, 0, 1}, {1, 0, 0}, {0, 1, 0}});
    }

    @Test
    void rowsPredictTheFirstOfTheHighest() {
        Predictions p = Predictions.of(SCORES, LABELS);
        assertEquals(2, p.predicted(1));
        assertEquals(1, p.predicted(3));
        assertArrayEquals(new int[] {2, 1, 1}, p.counts());
        assertSame(
                Predictions.of(new double[][] {SCORES[3], SCORES[0], SCORES[3]}, new int[] {1, 0, 1}),
                p.rows(3, 0, 3),
                0);
    }

    @Test
    void r5_layoutsAndTypesDoNotMatter() {
        Predictions expected = Predictions.of(SCORES, LABELS);
        INDArray scores = Nd4j.create(SCORES);
        INDArray indices = Nd4j.createFromArray(LABELS);
        assertSame(expected, Predictions.of(scores, oneHot()), 0);
        assertSame(expected, Predictions.of(scores.dup('f'), oneHot().castTo(DataType.INT8)), 0);
        assertSame(expected, Predictions.of(scores, indices), 0);
        assertSame(expected, Predictions.of(scores.castTo(DataType.FLOAT), indices.reshape(4, 1)), 1e-7);
        INDArray wide = Nd4j.concat(1, scores, scores, scores);
        assertSame(expected, Predictions.of(wide.get(NDArrayIndex.all(), NDArrayIndex.interval(3, 6)), oneHot()), 0);
    }

    /** [N, K, T]: the rows are the steps of the first sequence, then those of the second. */
    @Test
    void r3_2_maskedStepsDoNotCount() {
        INDArray scores = Nd4j.create(2, 3, 3).castTo(DataType.DOUBLE);
        INDArray labels = Nd4j.create(2, 3, 3);
        INDArray mask = Nd4j.create(new double[][] {{1, 1, 0}, {0.5, 1, 0}});
        int row = 0;
        for (int i = 0; i < 2; i++) {
            for (int t = 0; t < 2; t++, row++) {
                for (int k = 0; k < 3; k++) {
                    scores.putScalar(new int[] {i, k, t}, SCORES[row][k]);
                }
                labels.putScalar(new int[] {i, LABELS[row], t}, 1);
            }
        }
        assertSame(Predictions.of(SCORES, LABELS), Predictions.of(scores, labels, mask), 0);
        refused("L4J-D50", "row 2 has no label", () -> Predictions.of(scores, labels));
        refused("L4J-D50", "0 rows", () -> Predictions.of(scores, labels, mask.mul(0)));
    }

    @Test
    void oneColumnIsTheSecondOfTwoClasses() {
        Predictions expected = Predictions.of(new double[][] {{0.75, 0.25}, {0.5, 0.5}}, new int[] {1, 0});
        assertSame(expected, Predictions.of(new double[][] {{0.25}, {0.5}}, new int[] {1, 0}), 0);
        INDArray column = Nd4j.create(new double[][] {{0.25}, {0.5}});
        assertSame(expected, Predictions.of(column, Nd4j.create(new double[][] {{1}, {0}})), 0);
        refused(
                "L4J-D51",
                "the only score of row 0 is -1.5",
                () -> Predictions.of(new double[][] {{-1.5}}, new int[1]));
        refused("L4J-L01", "the label of row 0 is 2", () -> Predictions.of(new double[][] {{0.5}}, new int[] {2}));
    }

    @Test
    void networksPredictWholeIterators() {
        NeuralNetConfiguration.Builder builder = new NeuralNetConfiguration.Builder().seed(1);
        OutputLayer layer = new OutputLayer.Builder(Dl4jLosses.softmaxCrossEntropy())
                .activation(Activation.SOFTMAX)
                .nIn(3)
                .nOut(3)
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(builder.list(layer).build());
        network.init();
        INDArray x = Nd4j.create(SCORES).castTo(DataType.FLOAT);
        Predictions expected = Predictions.of(network.output(x), oneHot());
        List<DataSet> rows = new DataSet(x, oneHot().castTo(DataType.FLOAT)).asList();
        DataSetIterator data = new ListDataSetIterator<>(rows, 3); // 3 rows and 1
        assertSame(expected, Predictions.of(network, data), 1e-6);
        assertSame(expected, Predictions.of(network.toComputationGraph(), data), 1e-6);
        assertSame(expected, Predictions.concat(List.of(expected.rows(0, 1), expected.rows(2, 3))), 0);
    }

    @Test
    void oneOutputOfMany() {
        INDArray scores = Nd4j.create(new double[][] {{0.9, 0.2}, {0.3, 0.6}, {0.5, 0.5}});
        INDArray labels = Nd4j.create(new double[][] {{1, 0}, {1, 1}, {0, 1}});
        INDArray mask = Nd4j.create(new double[][] {{1, 1}, {1, 0}, {1, 1}});
        assertSame(
                Predictions.of(new double[][] {{0.2}, {0.5}}, new int[] {0, 1}),
                Predictions.ofColumn(scores, labels, mask, 1),
                0);
        assertSame(
                Predictions.of(new double[][] {{0.9}, {0.3}, {0.5}}, new int[] {1, 1, 0}),
                Predictions.ofColumn(scores, labels, null, 0),
                0);
        refused("L4J-S02", "column 2 of 2", () -> Predictions.ofColumn(scores, labels, null, 2));
        refused("L4J-L02", "row 0 is 0.9", () -> Predictions.ofColumn(scores, scores, null, 0));
    }

    @Test
    void r9_badRowsAreRefused() {
        refused("L4J-D50", "0 rows of scores", () -> Predictions.of(new double[0][], new int[0]));
        refused("L4J-D50", "1 rows of scores and 2 labels", () -> Predictions.of(new double[1][2], new int[2]));
        refused("L4J-D50", "row 0 has no scores", () -> Predictions.of(new double[1][0], new int[1]));
        refused("L4J-D50", "row 1 has 1 scores", () -> Predictions.of(new double[][] {{1, 0}, {1}}, new int[2]));
        refused(
                "L4J-D50",
                "score 1 of row 0 is NaN",
                () -> Predictions.of(new double[][] {{1, Double.NaN}}, new int[1]));
        refused("L4J-L01", "the label of row 1 is -1", () -> Predictions.of(new double[2][2], new int[] {0, -1}));
        INDArray scores = Nd4j.create(SCORES);
        refused("L4J-S02", "shapes: labels [3, 3], scores [4, 3]", () -> Predictions.of(scores, Nd4j.create(3, 3)));
        refused("L4J-L02", "0.5", () -> Predictions.of(scores, Nd4j.createFromArray(0, 0.5, 1, 2)));
        refused("L4J-L01", "is 3", () -> Predictions.of(scores, Nd4j.createFromArray(0, 3, 1, 2)));
        refused("L4J-S03", "mask", () -> Predictions.of(scores, oneHot(), Nd4j.ones(3, 1)));
    }
}
