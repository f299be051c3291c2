package io.loss4j.examples.tasks;

import io.loss4j.dl4j.Dl4jLosses;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/**
 * Detection: is there an object at this anchor? One in 256 anchors says yes. The focal loss keeps the easy background
 * from outvoting the few objects. Anchors beside an object count neither way: the label mask leaves them out.
 */
public final class DenseAnchors {
    private static final int SIDE = 16;

    private DenseAnchors() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        DataSet training = images(240, 1);
        DataSet test = images(120, 2);
        Scoreboard board = new Scoreboard("precision", "recall", "F1");
        evaluate(board, "Deeplearning4j XENT", new LossBinaryXENT(), training, test);
        evaluate(board, "sigmoid focal 0.75, 2", Dl4jLosses.sigmoidFocal(0.75, 2), training, test);
        evaluate(board, "asymmetric 0, 2, 0.05", Dl4jLosses.asymmetric(0, 2, 0.05), training, test);
        return board;
    }

    private static void evaluate(Scoreboard board, String name, ILossFunction loss, DataSet training, DataSet test) {
        MultiLayerNetwork network = network(loss);
        network.fit(new ListDataSetIterator<>(training.asList(), 24), 10);
        EvaluationBinary anchors = new EvaluationBinary(1, null);
        anchors.eval(
                test.getLabels().reshape(-1, 1),
                network.output(test.getFeatures()).reshape(-1, 1),
                test.getLabelsMaskArray().reshape(-1, 1));
        board.add(name, anchors.precision(0), anchors.recall(0), anchors.f1(0));
    }

    private static MultiLayerNetwork network(ILossFunction loss) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.005))
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nIn(1)
                        .nOut(6)
                        .activation(Activation.RELU)
                        .build())
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nIn(6)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        // At first every anchor is probably empty: log(1 / 99).
                        .biasInit(-4.6)
                        .build())
                .layer(new CnnLossLayer.Builder(loss)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Noise, and in every image one bright plus, whose middle is the anchor that says yes. */
    private static DataSet images(int n, long seed) {
        Random random = new Random(seed);
        float[] images = new float[n * SIDE * SIDE];
        float[] objects = new float[images.length];
        float[] counts = new float[images.length];
        for (int i = 0; i < n; i++) {
            int row = 1 + random.nextInt(SIDE - 2);
            int column = 1 + random.nextInt(SIDE - 2);
            for (int r = 0; r < SIDE; r++) {
                for (int c = 0; c < SIDE; c++) {
                    int distance = Math.abs(r - row) + Math.abs(c - column);
                    int anchor = (i * SIDE + r) * SIDE + c;
                    images[anchor] = (float) random.nextGaussian() + (distance <= 1 ? 1.5f : 0);
                    objects[anchor] = distance == 0 ? 1 : 0;
                    counts[anchor] = distance == 1 ? 0 : 1;
                }
            }
        }
        return new DataSet(
                Nd4j.create(images, n, 1, SIDE, SIDE),
                Nd4j.create(objects, n, 1, SIDE, SIDE),
                null,
                Nd4j.create(counts, n, 1, SIDE, SIDE));
    }
}
