package io.loss4j.dl4j.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.LossFunction;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.CrossEntropy;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class SmallLossSelectionTest {
    private static final LossFunction LOSS = LossFunction.of(new CrossEntropy());

    @Test
    void theScheduleOfThePaper() {
        SmallLossSelection linear = new SmallLossSelection(LOSS, 0.4);
        assertEquals(1, linear.keptShare(0));
        assertEquals(0.8, linear.keptShare(5), 1e-15); // 1 - 0.4 * 5 / 10
        assertEquals(0.6, linear.keptShare(10), 1e-15);
        assertEquals(0.6, linear.keptShare(1000), 1e-15);
        SmallLossSelection root = new SmallLossSelection(LOSS, 0.4, 16, 0.5);
        assertEquals(0.8, root.keptShare(4), 1e-15); // (4 / 16)^0.5 = 1/2
    }

    /** Rows of class 0, 1, 0, 1, ... whose feature is their number. */
    private static DataSet batch(int rows) {
        double[][] y = new double[rows][2];
        double[][] x = new double[rows][1];
        for (int i = 0; i < rows; i++) {
            y[i][i % 2] = 1;
            x[i][0] = i;
        }
        return new DataSet(Nd4j.createFromArray(x), Nd4j.createFromArray(y));
    }

    private static INDArray predictions(double... probabilityOfLabel) {
        double[][] p = new double[probabilityOfLabel.length][2];
        for (int i = 0; i < p.length; i++) {
            p[i][i % 2] = probabilityOfLabel[i];
            p[i][1 - i % 2] = 1 - probabilityOfLabel[i];
        }
        return Nd4j.createFromArray(p);
    }

    @Test
    void theSmallestLossesAreKept() {
        INDArray p = predictions(0.9, 0.1, 0.5, 0.8, 0.2);
        SmallLossSelection selection = new SmallLossSelection(LOSS, 0.4);
        DataSet batch = batch(5);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, selection.rank(batch, p, 0));
        assertArrayEquals(new int[] {0, 2, 3}, selection.rank(batch, p, 10)); // 0.6 * 5 = 3
        assertArrayEquals(new int[] {0, 2, 3, 4}, selection.rank(batch, p, 5)); // 0.8 * 5 = 4
        DataSet kept = selection.select(batch, p, 10);
        assertEquals(Nd4j.createFromArray(0.0, 2, 3).reshape(3, 1), kept.getFeatures());
        assertEquals(Nd4j.createFromArray(new double[][] {{1, 0}, {1, 0}, {0, 1}}), kept.getLabels());
        assertArrayEquals(new int[] {0}, new SmallLossSelection(LOSS, 0.99).rank(batch, p, 10), "at least one");
        INDArray equal = predictions(0.5, 0.5, 0.5, 0.5, 0.5);
        assertArrayEquals(new int[] {0, 1, 2}, selection.rank(batch, equal, 10), "the first of equals");
    }

    @Test
    void nanIsTheWorst() {
        INDArray p = predictions(0.9, 0.1, 0.5);
        p.putScalar(0, 0, Double.NaN);
        assertArrayEquals(new int[] {2}, new SmallLossSelection(LOSS, 0.6).rank(batch(3), p, 10));
    }

    @Test
    void r3_2_maskedRowsAreNeverKeptAndWeightsDoNotChangeTheOrder() {
        INDArray p = predictions(0.9, 0.1, 0.5, 0.8, 0.2);
        DataSet batch = batch(5);
        // without a division by the weight, row 1 would look easy: -0.1 ln 0.1 = 0.23 is less than -ln 0.5
        batch.setLabelsMaskArray(Nd4j.createFromArray(0.0, 0.1, 1, 3, 1).reshape(5, 1));
        SmallLossSelection selection = new SmallLossSelection(LOSS, 0.5);
        assertArrayEquals(new int[] {2, 3}, selection.rank(batch, p, 10)); // 0.5 * 4
        batch.setLabelsMaskArray(Nd4j.zeros(5, 1));
        assertEquals(0, selection.rank(batch, p, 10).length);
    }

    @Test
    void sequencesAreRankedByTheMeanOfTheirSteps() {
        // sequence 0: 0.5 and a masked 0.01; sequence 1: 0.4 and 0.9, mean loss 0.51, less than 0.69
        INDArray p = Nd4j.createFromArray(new double[][][] {{{0.5, 0.01}, {0.5, 0.99}}, {{0.4, 0.9}, {0.6, 0.1}}});
        INDArray y = Nd4j.createFromArray(new double[][][] {{{1, 1}, {0, 0}}, {{1, 1}, {0, 0}}});
        DataSet batch =
                new DataSet(Nd4j.zeros(2, 1, 2), y, null, Nd4j.createFromArray(new double[][] {{1, 0}, {1, 1}}));
        assertArrayEquals(new int[] {1}, new SmallLossSelection(LOSS, 0.5).rank(batch, p, 10));
        batch.setLabelsMaskArray(Nd4j.createFromArray(new double[][] {{1, 0}, {1, 0}}));
        assertArrayEquals(new int[] {0}, new SmallLossSelection(LOSS, 0.5).rank(batch, p, 10));
    }

    @Test
    void outOfRangeIsRefused() {
        for (Runnable wrong : List.<Runnable>of(
                () -> new SmallLossSelection(LOSS, 1),
                () -> new SmallLossSelection(LOSS, -0.1),
                () -> new SmallLossSelection(LOSS, 0.1, 0, 1),
                () -> new SmallLossSelection(LOSS, 0.1, 10, Double.NaN))) {
            assertEquals(
                    "L4J-D48",
                    assertThrows(LossInputException.class, wrong::run).code());
        }
    }

    static MultiLayerNetwork network(int seed, int inputs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(0.02))
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(inputs).nOut(16).build())
                .layer(new OutputLayer.Builder(Dl4jLosses.softmaxCrossEntropy())
                        .activation(Activation.SOFTMAX)
                        .nIn(16)
                        .nOut(2)
                        .build())
                .build());
        network.init();
        return network;
    }

    @Test
    void coTeachingLeavesOutWrongLabels() {
        // two clouds; 30 of 120 labels are wrong
        Random random = new Random(2);
        double[][] x = new double[120][2];
        double[][] y = new double[120][2];
        for (int i = 0; i < 120; i++) {
            int k = i % 2;
            x[i][0] = (k == 0 ? -1 : 1) + 0.4 * random.nextGaussian();
            x[i][1] = random.nextGaussian();
            boolean wrong = i % 8 == 0 || i % 8 == 5;
            y[i][wrong ? 1 - k : k] = 1;
        }
        DataSet batch = new DataSet(
                Nd4j.createFromArray(x).castTo(DataType.FLOAT),
                Nd4j.createFromArray(y).castTo(DataType.FLOAT));
        SmallLossSelection selection = new SmallLossSelection(LOSS, 0.25);
        MultiLayerNetwork a = network(1, 2);
        MultiLayerNetwork b = network(2, 2);
        for (int epoch = 0; epoch < 40; epoch++) {
            DataSet easyForA = selection.select(batch, a.output(batch.getFeatures()), epoch);
            DataSet easyForB = selection.select(batch, b.output(batch.getFeatures()), epoch);
            a.fit(easyForB);
            b.fit(easyForA);
        }
        long wrong = Arrays.stream(selection.rank(batch, a.output(batch.getFeatures()), 40))
                .filter(i -> i % 8 == 0 || i % 8 == 5)
                .count();
        assertTrue(wrong <= 5, "of 90 kept rows " + wrong + " have wrong labels, by chance 22");
    }
}
