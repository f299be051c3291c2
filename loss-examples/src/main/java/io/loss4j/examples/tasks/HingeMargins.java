package io.loss4j.examples.tasks;

import io.loss4j.LossFunction;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.dl4j.Loss4jLoss;
import io.loss4j.loss.Hinge;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MarginLabels;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SquaredHinge;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Margins: hinge losses are done with a row as soon as it is right by a margin, where cross-entropy pushes on for ever.
 * So few rows still pull at a trained network. The labels here are 0 and 1, as for cross-entropy.
 */
public final class HingeMargins {
    private HingeMargins() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        DataSet training = spirals(500, 1);
        DataSet test = spirals(1000, 2);
        Scoreboard board = new Scoreboard("accuracy", "rows that still pull");
        evaluate(board, "cross-entropy", new SigmoidCrossEntropy(), Activation.SIGMOID, training, test);
        evaluate(board, "hinge", new Hinge(MarginLabels.ZERO_ONE), Activation.IDENTITY, training, test);
        evaluate(board, "squared hinge", new SquaredHinge(MarginLabels.ZERO_ONE), Activation.IDENTITY, training, test);
        return board;
    }

    private static void evaluate(
            Scoreboard board, String name, LossSpec spec, Activation activation, DataSet training, DataSet test) {
        MultiLayerNetwork network = network(Dl4jLosses.of(spec), activation);
        network.fit(new ListDataSetIterator<>(training.asList(), 25), 60);
        // Without the activation, probability 0.5 is 0 too.
        double border = activation == Activation.SIGMOID ? 0.5 : 0;
        INDArray right = network.output(test.getFeatures())
                .gt(border)
                .eq(test.getLabels().gt(0.5));
        INDArray outputs = network.output(training.getFeatures());
        INDArray logits = activation == Activation.SIGMOID ? logits(outputs) : outputs;
        INDArray gradient = LossFunction.of(spec).gradient(logits, training.getLabels());
        board.add(
                name,
                right.castTo(outputs.dataType()).meanNumber().doubleValue(),
                gradient.neq(0).castTo(outputs.dataType()).meanNumber().doubleValue());
    }

    private static INDArray logits(INDArray probabilities) {
        INDArray p = probabilities.castTo(DataType.DOUBLE);
        return Transforms.log(p.div(p.rsub(1)));
    }

    private static MultiLayerNetwork network(Loss4jLoss loss, Activation activation) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(32)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nIn(32)
                        .nOut(16)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(16)
                        .nOut(1)
                        .activation(activation)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Two spirals, one inside the other. */
    private static DataSet spirals(int n, long seed) {
        Random random = new Random(seed);
        float[] inputs = new float[2 * n];
        float[] labels = new float[n];
        for (int i = 0; i < n; i++) {
            int arm = i % 2;
            double angle = 1.5 * Math.PI * (0.2 + random.nextDouble());
            double radius = angle / 3;
            double turned = angle + arm * Math.PI;
            inputs[2 * i] = (float) (radius * Math.cos(turned) + 0.2 * random.nextGaussian());
            inputs[2 * i + 1] = (float) (radius * Math.sin(turned) + 0.2 * random.nextGaussian());
            labels[i] = arm;
        }
        return new DataSet(Nd4j.create(inputs, n, 2), Nd4j.create(labels, n, 1));
    }
}
