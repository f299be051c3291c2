package io.loss4j.examples.tasks;

import io.loss4j.dl4j.Dl4jLosses;
import java.util.Collections;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * Regression: one label in ten is far too large. Squared error follows the outliers; Huber, log-cosh and Cauchy give each
 * of them a bounded say. Three quantiles in one network give a middle and a band instead of one number.
 */
public final class OutlierRegression {
    private OutlierRegression() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        DataSet training = curve(600, 0.1, 1);
        DataSet clean = curve(600, 0, 2);
        Scoreboard board = new Scoreboard("mean absolute error", "inside 10 % to 90 %");
        evaluate(board, "Deeplearning4j MSE", new LossMSE(), 1, training, clean);
        evaluate(board, "Huber 0.5", Dl4jLosses.huber(0.5), 1, training, clean);
        evaluate(board, "log-cosh", Dl4jLosses.logCosh(), 1, training, clean);
        evaluate(board, "Cauchy 0.5", Dl4jLosses.cauchy(0.5), 1, training, clean);
        evaluate(board, "quantiles 0.1, 0.5, 0.9", Dl4jLosses.quantile(0.1, 0.5, 0.9), 3, training, clean);
        return board;
    }

    private static void evaluate(
            Scoreboard board, String name, ILossFunction loss, int outputs, DataSet training, DataSet clean) {
        MultiLayerNetwork network = network(loss, outputs);
        // Each quantile is an output with the same label.
        DataSet repeated =
                new DataSet(training.getFeatures(), Nd4j.hstack(Collections.nCopies(outputs, training.getLabels())));
        network.fit(new ListDataSetIterator<>(repeated.asList(), 30), 30);
        INDArray predicted = network.output(clean.getFeatures());
        double error = 0;
        double inside = 0;
        for (int i = 0; i < predicted.rows(); i++) {
            double y = clean.getLabels().getDouble(i);
            error += Math.abs(predicted.getDouble(i, outputs / 2) - y) / predicted.rows();
            boolean between = predicted.getDouble(i, 0) <= y && y <= predicted.getDouble(i, outputs - 1);
            inside += between ? 1.0 / predicted.rows() : 0;
        }
        board.add(name, error, outputs == 1 ? Double.NaN : inside);
    }

    private static MultiLayerNetwork network(ILossFunction loss, int outputs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(1)
                        .nOut(24)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(24)
                        .nOut(outputs)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** A sine with small noise, and outliers 5 to 15 above it. */
    private static DataSet curve(int n, double outliers, long seed) {
        Random random = new Random(seed);
        float[] inputs = new float[n];
        float[] outputs = new float[n];
        for (int i = 0; i < n; i++) {
            double x = 6 * random.nextDouble() - 3;
            double far = random.nextDouble() < outliers ? 5 + 10 * random.nextDouble() : 0;
            inputs[i] = (float) x;
            outputs[i] = (float) (2 * Math.sin(x) + 0.3 * random.nextGaussian() + far);
        }
        return new DataSet(Nd4j.create(inputs, n, 1), Nd4j.create(outputs, n, 1));
    }
}
