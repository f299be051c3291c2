package io.loss4j.examples.tasks;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.dl4j.Dl4jLosses;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Sequences of DNA, of which 4 % hold a motif, often with a letter changed. Logit adjustment trains for balanced
 * accuracy: it adds the logarithm of the class frequencies to the logits while training, and leaves them out afterwards.
 */
public final class DnaSites {
    private static final String LETTERS = "ACGT";
    private static final String MOTIF = "TATAATG";
    private static final int LENGTH = 24;

    private DnaSites() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        DataSetIterator training = new ListDataSetIterator<>(sequences(1000, 1).asList(), 50);
        DataSet test = sequences(1000, 2);
        ClassCounts counts = ClassCounts.of(training);
        Scoreboard board = new Scoreboard("precision", "recall", "balanced accuracy");
        evaluate(board, "Deeplearning4j MCXENT", new LossMCXENT(), training, test);
        evaluate(board, "logit-adjusted, tau 1", Dl4jLosses.logitAdjusted(counts, 1), training, test);
        evaluate(
                board,
                "cross-entropy, balanced",
                Dl4jLosses.softmaxCrossEntropy(ClassWeights.balanced(counts)),
                training,
                test);
        return board;
    }

    private static void evaluate(
            Scoreboard board, String name, ILossFunction loss, DataSetIterator training, DataSet test) {
        MultiLayerNetwork network = network(loss);
        network.fit(training, 10);
        Evaluation evaluation = new Evaluation(2);
        evaluation.eval(test.getLabels(), network.output(test.getFeatures()));
        double balancedAccuracy = (evaluation.recall(0) + evaluation.recall(1)) / 2;
        board.add(name, evaluation.precision(1), evaluation.recall(1), balancedAccuracy);
    }

    private static MultiLayerNetwork network(ILossFunction loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.01))
                .list()
                .layer(new Convolution1DLayer.Builder(MOTIF.length())
                        .nIn(LETTERS.length())
                        .nOut(6)
                        .activation(Activation.RELU)
                        .build())
                .layer(new GlobalPoolingLayer(PoolingType.MAX))
                .layer(new OutputLayer.Builder(loss)
                        .nIn(6)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Random letters; in 4 % of the sequences the motif, every second time with one letter drawn anew. */
    private static DataSet sequences(int n, long seed) {
        Random random = new Random(seed);
        float[] letters = new float[n * LETTERS.length() * LENGTH];
        float[] labels = new float[n * 2];
        for (int i = 0; i < n; i++) {
            boolean site = random.nextInt(25) == 0;
            int start = site ? random.nextInt(LENGTH - MOTIF.length() + 1) : LENGTH;
            int changed = random.nextBoolean() ? start + random.nextInt(MOTIF.length()) : -1;
            for (int t = 0; t < LENGTH; t++) {
                boolean inside = t >= start && t < start + MOTIF.length() && t != changed;
                int letter = inside ? LETTERS.indexOf(MOTIF.charAt(t - start)) : random.nextInt(LETTERS.length());
                letters[(i * LETTERS.length() + letter) * LENGTH + t] = 1;
            }
            labels[i * 2 + (site ? 1 : 0)] = 1;
        }
        return new DataSet(Nd4j.create(letters, n, LETTERS.length(), LENGTH), Nd4j.create(labels, n, 2));
    }
}
