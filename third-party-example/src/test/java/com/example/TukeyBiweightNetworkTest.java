package com.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.dl4j.Loss4jLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossType;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The loss at work in Deeplearning4j. */
class TukeyBiweightNetworkTest {
    private static final TukeyBiweight TUKEY = new TukeyBiweight(2);
    private static final String THREADS = "loss4j.cpu.threads";

    /** Enough elements that all threads are worth their waking. */
    private static final int ROWS = 4096;

    private static final int INPUTS = 4;
    private static final int OUTPUTS = 16;

    private final INDArray features;
    private final INDArray truth;
    private final DataSet data;

    /** Sines of sums, and one label in ten is off by 10. */
    TukeyBiweightNetworkTest() {
        Nd4j.getRandom().setSeed(1);
        features = Nd4j.rand(DataType.FLOAT, ROWS, INPUTS).muli(2).subi(1);
        truth = Transforms.sin(features.mmul(Nd4j.randn(DataType.FLOAT, INPUTS, OUTPUTS)));
        INDArray outliers = Nd4j.rand(DataType.FLOAT, ROWS, OUTPUTS).lt(0.1).castTo(DataType.FLOAT);
        data = new DataSet(features, truth.add(outliers.mul(10)));
    }

    private static MultiLayerConfiguration configuration(ILossFunction loss) {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(INPUTS)
                        .nOut(32)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(32)
                        .nOut(OUTPUTS)
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
    }

    private static MultiLayerNetwork network(ILossFunction loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(loss));
        network.init();
        return network;
    }

    private static double[] train(MultiLayerNetwork network, DataSet data, int steps) {
        double[] scores = new double[steps];
        for (int i = 0; i < steps; i++) {
            network.fit(data);
            scores[i] = network.score();
        }
        return scores;
    }

    private static TukeyBiweight tukeyOf(MultiLayerConfiguration configuration) {
        BaseOutputLayer layer = (BaseOutputLayer) configuration.getConf(1).getLayer();
        return (TukeyBiweight) ((Loss4jLoss) layer.getLossFn()).function().spec();
    }

    /** How far the network is from the truth without outliers. */
    private double error(MultiLayerNetwork network) {
        return Transforms.abs(network.output(features).sub(truth)).meanNumber().doubleValue();
    }

    @Test
    void aNetworkLearnsWhatLiesUnderTheOutliers() {
        MultiLayerNetwork robust = network(Dl4jLosses.of(TUKEY));
        MultiLayerNetwork square = network(new LossL2());
        double[] scores = train(robust, data, 150);
        train(square, data, 150);
        assertTrue(scores[149] < 0.8 * scores[0], scores[0] + " became " + scores[149]);
        assertTrue(error(robust) < 0.2, "off by " + error(robust));
        assertTrue(error(square) > 2 * error(robust), "squares are off by " + error(square));
    }

    @Test
    void savedAndRestoredItGoesOnAsIfNothingHadHappened(@TempDir Path folder) throws IOException {
        MultiLayerNetwork network = network(Dl4jLosses.of(TUKEY));
        train(network, data, 5);
        File file = folder.resolve("network.zip").toFile();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);

        TukeyBiweight loss = tukeyOf(restored.getLayerWiseConfigurations());
        assertEquals(TUKEY, loss);
        assertNotSame(TUKEY, loss);
        assertEquals(network.score(data), restored.score(data), 0);
        double[] expected = train(network, data, 10);
        double[] actual = train(restored, data, 10);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 0, "score of step " + i);
        }
        assertNotEquals(expected[0], expected[9], "it has learnt");
        assertArrayEquals(network.params().toFloatVector(), restored.params().toFloatVector());
    }

    @Test
    void aConfigurationSurvivesJson() {
        MultiLayerNetwork network = network(Dl4jLosses.of(TUKEY));
        String json = network.getLayerWiseConfigurations().toJson();
        assertTrue(json.contains("\"tukey_biweight\""), json);
        MultiLayerConfiguration copy = MultiLayerConfiguration.fromJson(json);
        assertEquals(TUKEY, tukeyOf(copy));
        MultiLayerNetwork same = new MultiLayerNetwork(copy);
        same.init();
        same.setParams(network.params());
        double[] expected = train(network, data, 3);
        double[] actual = train(same, data, 3);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 0, "score of step " + i);
        }
    }

    /** The same loss, noting who computes it. */
    public record Watched(double c) implements ElementwiseLoss {
        private static final LossType<Watched> TYPE = LossType.of(Watched.class, "watched", Map.of());
        private static final Set<Thread> WORKERS = ConcurrentHashMap.newKeySet();

        @Override
        public double value(double x, double y) {
            WORKERS.add(Thread.currentThread());
            return new TukeyBiweight(c).value(x, y);
        }

        @Override
        public double derivative(double x, double y) {
            WORKERS.add(Thread.currentThread());
            return new TukeyBiweight(c).derivative(x, y);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    @Test
    void allThreadsWorkAndOneThreadGivesTheSameBits() {
        MultiLayerNetwork network = network(Dl4jLosses.of(new Watched(2)));
        LossFunction loss = LossFunction.of(TUKEY).withReduction(Reduction.SUM);
        INDArray output = network.output(features);
        String why = loss.resolve(output, data.getLabels(), null).explain();
        Matcher threads = Pattern.compile("cpu: chosen, .*?(\\d+) thread").matcher(why);
        assertTrue(threads.find(), why);
        int all = Integer.parseInt(threads.group(1));

        // a helper that has not started when the work is done is called off: seeing them all may take a few steps
        for (int i = 0; i < 200 && Watched.WORKERS.size() < all; i++) {
            network.fit(data);
        }
        assertEquals(all, Watched.WORKERS.size(), why);

        double value = loss.value(output, data.getLabels());
        INDArray gradient = loss.gradient(output, data.getLabels());
        System.setProperty(THREADS, "1");
        try {
            assertEquals(value, loss.value(output, data.getLabels()), 0);
            INDArray alone = loss.gradient(output, data.getLabels());
            assertArrayEquals(gradient.data().asFloat(), alone.data().asFloat());
        } finally {
            System.clearProperty(THREADS);
        }
    }
}
