package io.loss4j.examples.tasks;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.dl4j.Dl4jLosses;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
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
 * Speech: silence, vowel or burst, for every frame of utterances of different length. Bursts are rare and short. Frames
 * behind the end of an utterance are masked: they are neither trained, nor counted for the class weights.
 */
public final class SpeechFrames {
    private static final int FEATURES = 4;
    private static final int CLASSES = 3;
    private static final int SILENCE = 0;
    private static final int VOWEL = 1;
    private static final int BURST = 2;
    private static final int LONGEST = 24;

    private SpeechFrames() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        DataSetIterator training = new ListDataSetIterator<>(utterances(200, 1).asList(), 20);
        DataSet test = utterances(200, 2);
        ClassCounts frames = ClassCounts.of(training);
        Scoreboard board = new Scoreboard("recall of silence", "of vowels", "of bursts", "macro-F1");
        evaluate(board, "Deeplearning4j MCXENT", new LossMCXENT(), training, test);
        evaluate(
                board,
                "cross-entropy, square root",
                Dl4jLosses.softmaxCrossEntropy(ClassWeights.squareRoot(frames)),
                training,
                test);
        evaluate(board, "focal 1, balanced", Dl4jLosses.softmaxFocal(1, ClassWeights.balanced(frames)), training, test);
        return board;
    }

    private static void evaluate(
            Scoreboard board, String name, ILossFunction loss, DataSetIterator training, DataSet test) {
        MultiLayerNetwork network = network(loss);
        network.fit(training, 12);
        Evaluation frames = new Evaluation(CLASSES);
        frames.evalTimeSeries(test.getLabels(), network.output(test.getFeatures()), test.getLabelsMaskArray());
        double macroF1 = (frames.f1(SILENCE) + frames.f1(VOWEL) + frames.f1(BURST)) / CLASSES;
        board.add(name, frames.recall(SILENCE), frames.recall(VOWEL), frames.recall(BURST), macroF1);
    }

    private static MultiLayerNetwork network(ILossFunction loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.01))
                .list()
                .layer(new SimpleRnn.Builder().nIn(FEATURES).nOut(10).build())
                .layer(new RnnOutputLayer.Builder(loss)
                        .nIn(10)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Silence and vowels last for some frames; a burst is one frame that may come before a vowel. */
    private static DataSet utterances(int n, long seed) {
        Random random = new Random(seed);
        float[] features = new float[n * FEATURES * LONGEST];
        float[] labels = new float[n * CLASSES * LONGEST];
        float[] present = new float[n * LONGEST];
        for (int i = 0; i < n; i++) {
            int length = LONGEST / 2 + random.nextInt(LONGEST / 2 + 1);
            int state = SILENCE;
            for (int t = 0; t < length; t++) {
                state = next(state, random);
                for (int f = 0; f < FEATURES; f++) {
                    float mean = f == state ? 1.5f : 0; // the last feature is noise only
                    features[(i * FEATURES + f) * LONGEST + t] = mean + (float) random.nextGaussian();
                }
                labels[(i * CLASSES + state) * LONGEST + t] = 1;
                present[i * LONGEST + t] = 1;
            }
        }
        return new DataSet(
                Nd4j.create(features, n, FEATURES, LONGEST),
                Nd4j.create(labels, n, CLASSES, LONGEST),
                Nd4j.create(present, n, LONGEST),
                Nd4j.create(present, n, LONGEST));
    }

    private static int next(int state, Random random) {
        double u = random.nextDouble();
        return switch (state) {
            case SILENCE -> u < 0.85 ? SILENCE : u < 0.9 ? BURST : VOWEL;
            case VOWEL -> u < 0.75 ? VOWEL : SILENCE;
            default -> VOWEL;
        };
    }
}
