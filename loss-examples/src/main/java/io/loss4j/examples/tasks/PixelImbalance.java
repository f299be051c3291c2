package io.loss4j.examples.tasks;

import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.Dice;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.WeightedSum;
import java.util.List;
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
 * Segmentation: small faint spots on noisy scans, 2 % of the pixels. With plain cross-entropy the background outvotes
 * them. Positive weights, or a sum of cross-entropy and Dice, find them.
 */
public final class PixelImbalance {
    private static final int SIDE = 16;
    private static final int BATCH = 24;

    private PixelImbalance() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        DataSet training = scans(240, 1);
        DataSet test = scans(120, 2);
        Scoreboard board = new Scoreboard("precision", "recall", "F1 (Dice)");
        evaluate(board, "Deeplearning4j XENT", new LossBinaryXENT(), training, test);
        evaluate(board, "sigmoid focal 0.9, 1", Dl4jLosses.sigmoidFocal(0.9, 1), training, test);
        evaluate(
                board,
                "cross-entropy + Dice",
                Dl4jLosses.of(new WeightedSum(
                        List.of(new BinaryCrossEntropy(), new Dice()),
                        // cross-entropy is a sum over the pixels of a batch, the Dice of a batch is one number
                        PerColumn.of(1, BATCH * SIDE * SIDE))),
                training,
                test);
        return board;
    }

    private static void evaluate(Scoreboard board, String name, ILossFunction loss, DataSet training, DataSet test) {
        MultiLayerNetwork network = network(loss);
        network.fit(new ListDataSetIterator<>(training.asList(), BATCH), 15);
        EvaluationBinary pixels = new EvaluationBinary(1, null);
        pixels.eval(
                test.getLabels().reshape(-1, 1),
                network.output(test.getFeatures()).reshape(-1, 1));
        board.add(name, pixels.precision(0), pixels.recall(0), pixels.f1(0));
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
                        .build())
                .layer(new CnnLossLayer.Builder(loss)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Noise, and in every scan a spot of 5 pixels in the form of a plus. */
    private static DataSet scans(int n, long seed) {
        Random random = new Random(seed);
        float[] images = new float[n * SIDE * SIDE];
        float[] spots = new float[images.length];
        for (int i = 0; i < n; i++) {
            int row = 1 + random.nextInt(SIDE - 2);
            int column = 1 + random.nextInt(SIDE - 2);
            for (int r = 0; r < SIDE; r++) {
                for (int c = 0; c < SIDE; c++) {
                    boolean spot = Math.abs(r - row) + Math.abs(c - column) <= 1;
                    int pixel = (i * SIDE + r) * SIDE + c;
                    images[pixel] = (float) random.nextGaussian() + (spot ? 2f : 0);
                    spots[pixel] = spot ? 1 : 0;
                }
            }
        }
        return new DataSet(Nd4j.create(images, n, 1, SIDE, SIDE), Nd4j.create(spots, n, 1, SIDE, SIDE));
    }
}
