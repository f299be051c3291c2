package io.loss4j.examples.tasks;

import io.loss4j.dl4j.Dl4jLosses;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Wrong labels: a third of the training labels names another class. A large network learns them by heart. Dropout and L2
 * make it hard to learn anything by heart; a bounded loss makes it not worth while. They can be used together.
 */
public final class NoisyLabels {
    private static final int CLASSES = 4;
    private static final int INPUTS = 10;

    private NoisyLabels() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        Blobs training = Blobs.of(400, 1);
        Blobs test = Blobs.of(1000, 2);
        ILossFunction crossEntropy = new LossMCXENT();
        ILossFunction robust = Dl4jLosses.generalizedCrossEntropy(0.9);
        Scoreboard board = new Scoreboard("accuracy", "wrong labels learned");
        evaluate(board, "Deeplearning4j MCXENT", network(crossEntropy, 1, 0), training, test);
        evaluate(board, "MCXENT, dropout and L2", network(crossEntropy, 0.6, 0.01), training, test);
        evaluate(board, "generalized CE, q 0.9", network(robust, 1, 0), training, test);
        evaluate(board, "both", network(robust, 0.6, 0.01), training, test);
        return board;
    }

    private static void evaluate(Scoreboard board, String name, MultiLayerNetwork network, Blobs training, Blobs test) {
        DataSet noisy = new DataSet(training.inputs, oneHot(training.noisy));
        network.fit(new ListDataSetIterator<>(noisy.asList(), 20), 50);
        Evaluation evaluation = new Evaluation(CLASSES);
        evaluation.eval(oneHot(test.truth), network.output(test.inputs));
        int[] answers = network.predict(training.inputs);
        int wrong = 0;
        int learned = 0;
        for (int i = 0; i < answers.length; i++) {
            if (training.noisy[i] != training.truth[i]) {
                wrong++;
                learned += answers[i] == training.noisy[i] ? 1 : 0;
            }
        }
        board.add(name, evaluation.accuracy(), (double) learned / wrong);
    }

    /**
     * @param kept the probability that dropout keeps an activation; 1 is no dropout
     * @param l2 the factor of the squared weights
     */
    private static MultiLayerNetwork network(ILossFunction loss, double kept, double l2) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.005))
                .l2(l2)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(INPUTS)
                        .nOut(100)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(100)
                        .nOut(CLASSES)
                        .dropOut(kept)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static INDArray oneHot(int[] labels) {
        float[][] rows = new float[labels.length][CLASSES];
        for (int i = 0; i < labels.length; i++) {
            rows[i][labels[i]] = 1;
        }
        return Nd4j.create(rows);
    }

    /** Clouds of points around one centre per class. */
    private record Blobs(INDArray inputs, int[] truth, int[] noisy) {
        static Blobs of(int n, long seed) {
            Random random = new Random(seed);
            float[][] inputs = new float[n][INPUTS];
            int[] truth = new int[n];
            int[] noisy = new int[n];
            for (int i = 0; i < n; i++) {
                truth[i] = random.nextInt(CLASSES);
                noisy[i] = random.nextInt(3) > 0 ? truth[i] : (truth[i] + 1 + random.nextInt(CLASSES - 1)) % CLASSES;
                for (int f = 0; f < INPUTS; f++) {
                    inputs[i][f] = (float) random.nextGaussian() + (f == truth[i] ? 2 : 0);
                }
            }
            return new Blobs(Nd4j.create(inputs), truth, noisy);
        }
    }
}
