package io.loss4j.dl4j.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.CrossEntropy;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class PseudoLabelsTest {
    private static final LossFunction SUM = LossFunction.of(new CrossEntropy()).withReduction(Reduction.SUM);

    private static ExistingDataSetIterator iterator(DataSet... batches) {
        return new ExistingDataSetIterator(List.of(batches));
    }

    private static DataSet unlabelled(double... column) {
        return new DataSet(Nd4j.createFromArray(column).reshape(column.length, 1), null);
    }

    /** Two slanted bands, of which the first rows lie near the origin. */
    private static DataSet bands(long seed, int n, double length) {
        Random random = new Random(seed);
        double[][] x = new double[n][2];
        double[][] y = new double[n][2];
        for (int i = 0; i < n; i++) {
            int k = i % 2;
            double along = length * random.nextDouble();
            x[i][0] = (k == 0 ? -1 : 1) * (0.6 + 0.2 * random.nextGaussian()) + along;
            x[i][1] = along;
            y[i][k] = 1;
        }
        return new DataSet(
                Nd4j.createFromArray(x).castTo(DataType.FLOAT),
                Nd4j.createFromArray(y).castTo(DataType.FLOAT));
    }

    @Test
    void theRamp() {
        WeightRamp lee = new WeightRamp(100, 600, 3);
        assertEquals(0, lee.at(0));
        assertEquals(0, lee.at(100));
        assertEquals(1.5, lee.at(350)); // (350 - 100) / 500 * 3
        assertEquals(3, lee.at(600));
        assertEquals(3, lee.at(10_000));
        assertEquals(2, new WeightRamp(0, 0, 2).at(0), "from the beginning");
        for (Runnable wrong : List.<Runnable>of(
                () -> new WeightRamp(-1, 2, 1),
                () -> new WeightRamp(3, 2, 1),
                () -> new WeightRamp(0, 2, -1),
                () -> new WeightRamp(0, 2, Double.NaN))) {
            assertEquals(
                    "L4J-D48",
                    assertThrows(LossInputException.class, wrong::run).code());
        }
    }

    @Test
    void theObjectiveIsThatOfTheDefinition() {
        INDArray output = Nd4j.createFromArray(new double[][] {{0.9, 0.1}, {0.45, 0.55}, {0.05, 0.95}});
        DataSet given = new DataSet(
                Nd4j.createFromArray(new double[][] {{1}, {2}}), Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}}));
        PseudoLabelled sure = PseudoLabelled.of(unlabelled(7, 8, 9), output, given.getLabels(), 0.8);
        DataSet mixed = sure.mixedInto(given, 0.5);
        assertEquals(Nd4j.createFromArray(new double[][] {{1}, {2}, {7}, {9}}), mixed.getFeatures());
        assertEquals(Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}}), mixed.getLabels());
        // 4 rows: 4/2 for the labelled, 0.5 * 4/3 for the others
        assertEquals(Nd4j.createFromArray(2f, 2f, 2 / 3f, 2 / 3f).reshape(4, 1), mixed.getLabelsMaskArray());
        INDArray p = Nd4j.createFromArray(new double[][] {{0.7, 0.3}, {0.4, 0.6}, {0.9, 0.1}, {0.05, 0.95}});
        double asTrained = SUM.value(p, mixed.getLabels(), mixed.getLabelsMaskArray()) / 4;
        double defined = -(Math.log(0.7) + Math.log(0.6)) / 2 - 0.5 * (Math.log(0.9) + Math.log(0.95)) / 3;
        assertEquals(defined, asTrained, 1e-6);
        assertTrue(PseudoLabelled.of(unlabelled(7, 8, 9), output, given.getLabels(), 0.96)
                .isEmpty());
    }

    @Test
    void masksAndFormsOfLabelsAreKept() {
        INDArray output = Nd4j.createFromArray(new double[][] {{0.1, 0.2, 0.7}});
        DataSet indices = new DataSet(
                Nd4j.zeros(DataType.DOUBLE, 2, 1),
                Nd4j.createFromArray(1, 0).reshape(2, 1),
                null,
                Nd4j.createFromArray(0f, 1f));
        DataSet mixed =
                PseudoLabelled.of(unlabelled(4), output, indices.getLabels(), 0).mixedInto(indices, 1);
        assertEquals(Nd4j.createFromArray(1, 0, 2).reshape(3, 1), mixed.getLabels());
        assertEquals(Nd4j.createFromArray(0f, 1.5f, 3f).reshape(3, 1), mixed.getLabelsMaskArray());
        INDArray sigmoid = Nd4j.createFromArray(new double[][] {{0.1}, {0.6}, {0.9}});
        PseudoLabelled sure = PseudoLabelled.of(unlabelled(1, 2, 3), sigmoid, Nd4j.zeros(DataType.FLOAT, 2, 1), 0.85);
        assertEquals(Nd4j.createFromArray(0f, 1f).reshape(2, 1), sure.examples().getLabels(), "0.1 is a sure no");
    }

    @Test
    void whatCannotBeMixedIsRefused() {
        INDArray like = Nd4j.zeros(DataType.FLOAT, 2, 2);
        for (Runnable wrong : List.<Runnable>of(
                () -> PseudoLabelled.of(unlabelled(1), Nd4j.createFromArray(new double[][] {{0.9, 0.9}}), like, 0),
                () -> PseudoLabelled.of(unlabelled(1), Nd4j.zeros(DataType.FLOAT, 1, 2, 3), like, 0),
                () -> PseudoLabelled.of(unlabelled(1), Nd4j.createFromArray(new double[][] {{0.1, 0.9}}), like, 0)
                        .mixedInto(new DataSet(Nd4j.zeros(DataType.FLOAT, 2, 5), like), 1))) {
            assertEquals(
                    "L4J-D49",
                    assertThrows(LossInputException.class, wrong::run).code());
        }
        MultiLayerNetwork builtIn = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(2)
                        .nOut(2)
                        .build())
                .build());
        builtIn.init();
        DataSet data = bands(1, 4, 0);
        LossInputException e = assertThrows(
                LossInputException.class,
                () -> PseudoLabels.of(builtIn, iterator(data), iterator(data), new WeightRamp(0, 0, 1), 0));
        assertEquals("L4J-D49", e.code());
        assertTrue(e.getMessage().contains("Dl4jLosses"), e.getMessage());
    }

    @Test
    void beforeTheRampBatchesAreLeftAlone() {
        MultiLayerNetwork network = SmallLossSelectionTest.network(1, 2);
        DataSet data = bands(1, 4, 0);
        PseudoLabels mixed =
                PseudoLabels.of(network, iterator(data), iterator(bands(2, 6, 0)), new WeightRamp(1, 1, 1), 0);
        DataSet before = mixed.next();
        assertSame(data, before);
        assertNull(before.getLabelsMaskArray());
        network.setEpochCount(1);
        mixed.reset();
        assertEquals(10, mixed.next().numExamples());
        assertArrayEquals(new long[] {4, 2}, data.getFeatures().shape(), "the given batch is not changed");
        mixed.reset();
        assertThrows(
                NotSerializableException.class,
                () -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(mixed));
        assertEquals(
                "L4J-D46",
                assertThrows(LossInputException.class, () -> network.evaluate(mixed))
                        .code());
        PseudoLabels graph = PseudoLabels.of(
                network.toComputationGraph(), iterator(data), iterator(bands(2, 6, 0)), new WeightRamp(0, 0, 1), 0);
        assertEquals(10, graph.next().numExamples());
    }

    @Test
    void unlabelledRowsHelp() {
        // six labelled rows at one end of the bands, 200 unlabelled ones along them
        DataSet labelled = bands(3, 6, 0.2);
        DataSet unlabelled = bands(4, 200, 2);
        DataSet unseen = bands(5, 400, 2);
        double[] accuracy = new double[2];
        for (int way = 0; way < 2; way++) {
            MultiLayerNetwork network = SmallLossSelectionTest.network(7, 2);
            if (way == 0) {
                network.fit(iterator(labelled), 150);
            } else {
                WeightRamp ramp = new WeightRamp(20, 50, 1);
                network.fit(PseudoLabels.of(network, iterator(labelled), iterator(unlabelled), ramp, 0.7), 150);
            }
            Evaluation evaluation = new Evaluation(2);
            evaluation.eval(unseen.getLabels(), network.output(unseen.getFeatures()));
            accuracy[way] = evaluation.accuracy();
        }
        assertTrue(accuracy[1] > accuracy[0], "with " + accuracy[1] + ", without " + accuracy[0]);
    }
}
