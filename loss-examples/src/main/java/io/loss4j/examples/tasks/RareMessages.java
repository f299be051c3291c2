package io.loss4j.examples.tasks;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.dl4j.Dl4jLosses;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
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
 * Text: messages of 4 to 10 words, of which one in ten is a complaint. An LSTM reads them; its answer counts at the last
 * word, which the label mask says. Class weights come from the same masked labels.
 */
public final class RareMessages {
    private static final int WORDS = 12;
    private static final int NOT = 0;
    private static final int WORKS = 1;
    private static final int SHORTEST = 4;
    private static final int LONGEST = 10;

    private RareMessages() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        DataSetIterator training = new ListDataSetIterator<>(messages(500, 1).asList(), 25);
        DataSet test = messages(500, 2);
        ClassWeights balanced = ClassWeights.balanced(ClassCounts.of(training));
        Scoreboard board = new Scoreboard("precision", "recall", "F1");
        evaluate(board, "Deeplearning4j MCXENT", new LossMCXENT(), training, test);
        evaluate(board, "cross-entropy, balanced", Dl4jLosses.softmaxCrossEntropy(balanced), training, test);
        return board;
    }

    private static void evaluate(
            Scoreboard board, String name, ILossFunction loss, DataSetIterator training, DataSet test) {
        MultiLayerNetwork network = network(loss);
        network.fit(training, 14);
        Evaluation evaluation = new Evaluation(2);
        evaluation.evalTimeSeries(test.getLabels(), network.output(test.getFeatures()), test.getLabelsMaskArray());
        board.add(name, evaluation.precision(1), evaluation.recall(1), evaluation.f1(1));
    }

    private static MultiLayerNetwork network(ILossFunction loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.01))
                .list()
                .layer(new LSTM.Builder().nIn(WORDS).nOut(10).build())
                .layer(new RnnOutputLayer.Builder(loss)
                        .nIn(10)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Random words; a complaint has "not" somewhere and "works" right behind it. */
    private static DataSet messages(int n, long seed) {
        Random random = new Random(seed);
        float[] words = new float[n * WORDS * LONGEST];
        float[] labels = new float[n * 2 * LONGEST];
        float[] present = new float[n * LONGEST];
        float[] last = new float[n * LONGEST];
        for (int i = 0; i < n; i++) {
            int length = SHORTEST + random.nextInt(LONGEST - SHORTEST + 1);
            int planted = random.nextInt(20) == 0 ? random.nextInt(length - 1) : -1;
            boolean complaint = false;
            int before = -1;
            for (int t = 0; t < length; t++) {
                int word = t == planted ? NOT : t == planted + 1 && planted >= 0 ? WORKS : random.nextInt(WORDS);
                complaint |= before == NOT && word == WORKS;
                words[(i * WORDS + word) * LONGEST + t] = 1;
                present[i * LONGEST + t] = 1;
                before = word;
            }
            labels[(i * 2 + (complaint ? 1 : 0)) * LONGEST + length - 1] = 1;
            last[i * LONGEST + length - 1] = 1;
        }
        return new DataSet(
                Nd4j.create(words, n, WORDS, LONGEST),
                Nd4j.create(labels, n, 2, LONGEST),
                Nd4j.create(present, n, LONGEST),
                Nd4j.create(last, n, LONGEST));
    }
}
