package io.loss4j.examples.tasks;

import io.loss4j.dl4j.Dl4jLosses;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Learning to rank: a score for each of the 8 documents of a query. Every query has grades on a scale of its own, as
 * human judges do, so that the grades themselves cannot be learned; their order can. The listwise loss (Cao et al. 2007,
 * ListNet) is softmax cross-entropy over the documents of a query, with gains as soft labels, which need not sum to 1.
 */
public final class ListwiseRanking {
    private static final int DOCUMENTS = 8;
    private static final int FEATURES = 5;
    private static final int HIGHEST = 4;
    private static final int TOP = 3;

    private ListwiseRanking() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        DataSet training = queries(300, 1);
        DataSet test = queries(300, 2);
        Scoreboard board = new Scoreboard("NDCG at 3");
        evaluate(board, "Deeplearning4j MSE of grades", new LossMSE(), Activation.IDENTITY, training, test);
        DataSet gains = new DataSet(training.getFeatures(), gains(training.getLabels()));
        evaluate(board, "listwise", Dl4jLosses.softmaxCrossEntropy(), Activation.SOFTMAX, gains, test);
        DataSet best = new DataSet(training.getFeatures(), training.getLabels().gte(HIGHEST - 1));
        evaluate(board, "which are best", Dl4jLosses.multilabelRanking(), Activation.IDENTITY, best, test);
        return board;
    }

    /** 2^grade - 1, the gain in NDCG. */
    private static INDArray gains(INDArray grades) {
        return Transforms.pow(Nd4j.valueArrayOf(grades.shape(), 2f), grades).subi(1);
    }

    private static void evaluate(
            Scoreboard board, String name, ILossFunction loss, Activation activation, DataSet training, DataSet test) {
        MultiLayerNetwork network = network(loss, activation);
        network.fit(new ListDataSetIterator<>(training.asList(), 20), 15);
        double[][] scores = network.output(test.getFeatures()).toDoubleMatrix();
        double[][] grades = test.getLabels().toDoubleMatrix();
        double sum = 0;
        for (int q = 0; q < scores.length; q++) {
            sum += gain(scores[q], grades[q]) / gain(grades[q], grades[q]);
        }
        board.add(name, sum / scores.length);
    }

    /** Discounted cumulative gain of the first documents in the order of their scores. */
    private static double gain(double[] scores, double[] grades) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble((Integer d) -> -scores[d]));
        double gain = 0;
        for (int i = 0; i < TOP; i++) {
            gain += (Math.pow(2, grades[order[i]]) - 1) / Math.log(i + 2);
        }
        return gain;
    }

    /** The same small network for each document: convolutions of size 1 along the documents. */
    private static MultiLayerNetwork network(ILossFunction loss, Activation activation) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.01))
                .list()
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nIn(FEATURES)
                        .nOut(12)
                        .activation(Activation.RELU)
                        .build())
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nIn(12)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new LossLayer.Builder(loss).activation(activation).build())
                .inputPreProcessor(2, new CnnToFeedForwardPreProcessor(DOCUMENTS, 1, 1))
                .build());
        network.init();
        return network;
    }

    /** The best document of every query has the highest grade and the worst 0, however good they are. */
    private static DataSet queries(int n, long seed) {
        Random random = new Random(seed);
        float[] features = new float[n * FEATURES * DOCUMENTS];
        float[] grades = new float[n * DOCUMENTS];
        for (int q = 0; q < n; q++) {
            double[] worth = new double[DOCUMENTS];
            double level = 2 * random.nextGaussian(); // of the query: all its documents are good, or none is
            for (int d = 0; d < DOCUMENTS; d++) {
                double[] x = new double[FEATURES];
                for (int f = 0; f < FEATURES; f++) {
                    x[f] = random.nextGaussian() + (f == 0 ? level : 0);
                    features[(q * FEATURES + f) * DOCUMENTS + d] = (float) x[f];
                }
                worth[d] = x[0] + Math.abs(x[1]) + 0.5 * random.nextGaussian();
            }
            double least = Arrays.stream(worth).min().orElseThrow();
            double most = Arrays.stream(worth).max().orElseThrow();
            for (int d = 0; d < DOCUMENTS; d++) {
                grades[q * DOCUMENTS + d] = Math.round(HIGHEST * (worth[d] - least) / (most - least));
            }
        }
        return new DataSet(Nd4j.create(features, n, FEATURES, DOCUMENTS, 1), Nd4j.create(grades, n, DOCUMENTS));
    }
}
