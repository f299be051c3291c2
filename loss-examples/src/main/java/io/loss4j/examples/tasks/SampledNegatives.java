package io.loss4j.examples.tasks;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.dl4j.Dl4jLosses;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SigmoidCrossEntropy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/**
 * Recommendation: which items does a user like? Few of all pairs are likes, so every like is trained with 2 sampled items
 * that are none. That inflates all probabilities. A positive weight, the part of the negatives that was sampled, takes it
 * back: the mean probability is then near the true rate of likes, and the order of the items stays about as good.
 */
public final class SampledNegatives {
    private static final int USERS = 150;
    private static final int ITEMS = 60;
    private static final int SIZE = 6;
    private static final int NEGATIVES = 2;
    private static final int EPOCHS = 25;
    private static final int BATCH = 64;

    private SampledNegatives() {}

    /** Trains and prints. */
    public static void main(String[] arguments) {
        System.out.println(run());
    }

    static Scoreboard run() {
        double[][] probabilities = probabilities();
        boolean[][] likes = draw(probabilities, 2);
        boolean[][] later = draw(probabilities, 3);
        List<int[]> liked = pairs(likes);
        double rate = liked.size() / (double) (USERS * ITEMS);
        double sampled = NEGATIVES * liked.size() / (double) (USERS * ITEMS - liked.size());
        ILossFunction corrected = Dl4jLosses.of(LossFunction.of(new SigmoidCrossEntropy())
                .withReduction(Reduction.SUM)
                .withPositiveWeights(PerColumn.of(sampled)));
        Scoreboard board = new Scoreboard("likes among the first 5", "mean probability", "rate of likes");
        evaluate(board, "Deeplearning4j XENT", new LossBinaryXENT(), likes, later, rate);
        evaluate(board, "positive weight", corrected, likes, later, rate);
        return board;
    }

    private static void evaluate(
            Scoreboard board, String name, ILossFunction loss, boolean[][] likes, boolean[][] later, double rate) {
        ComputationGraph network = network(loss);
        Random random = new Random(3);
        List<int[]> shuffled = pairs(likes);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            Collections.shuffle(shuffled, random);
            for (int from = 0; from < shuffled.size(); from += BATCH) {
                List<int[]> batch = shuffled.subList(from, Math.min(from + BATCH, shuffled.size()));
                network.fit(withNegatives(batch, likes, random));
            }
        }
        double mean = 0;
        double hits = 0;
        for (int u = 0; u < USERS; u++) {
            double[] answers = answers(network, u);
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < ITEMS; i++) {
                mean += answers[i] / (USERS * ITEMS);
                order.add(i);
            }
            order.sort((a, b) -> Double.compare(answers[b], answers[a]));
            int user = u;
            hits += order.subList(0, 5).stream().filter(i -> later[user][i]).count() / (5.0 * USERS);
        }
        board.add(name, hits, mean, rate);
    }

    private static List<int[]> pairs(boolean[][] likes) {
        List<int[]> pairs = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            for (int i = 0; i < ITEMS; i++) {
                if (likes[u][i]) {
                    pairs.add(new int[] {u, i});
                }
            }
        }
        return pairs;
    }

    private static double[] answers(ComputationGraph network, int user) {
        INDArray users = Nd4j.valueArrayOf(new long[] {ITEMS, 1}, (float) user);
        INDArray items = Nd4j.arange(ITEMS).reshape(ITEMS, 1);
        return network.outputSingle(users, items).toDoubleVector();
    }

    /** Every like, and for each some items drawn until they are not liked. */
    private static MultiDataSet withNegatives(List<int[]> batch, boolean[][] likes, Random random) {
        int rows = batch.size() * (1 + NEGATIVES);
        float[] users = new float[rows];
        float[] items = new float[rows];
        float[] labels = new float[rows];
        int row = 0;
        for (int[] like : batch) {
            users[row] = like[0];
            items[row] = like[1];
            labels[row++] = 1;
            for (int i = 0; i < NEGATIVES; i++) {
                int item;
                do {
                    item = random.nextInt(ITEMS);
                } while (likes[like[0]][item]);
                users[row] = like[0];
                items[row++] = item;
            }
        }
        return new MultiDataSet(
                new INDArray[] {Nd4j.create(users, rows, 1), Nd4j.create(items, rows, 1)},
                new INDArray[] {Nd4j.create(labels, rows, 1)});
    }

    /** The product of a vector per user and a vector per item, and a weight for each of their entries. */
    private static ComputationGraph network(ILossFunction loss) {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(42)
                .updater(new Adam(0.02))
                .graphBuilder()
                .addInputs("user", "item")
                .addLayer(
                        "users",
                        new EmbeddingLayer.Builder().nIn(USERS).nOut(SIZE).build(),
                        "user")
                .addLayer(
                        "items",
                        new EmbeddingLayer.Builder().nIn(ITEMS).nOut(SIZE).build(),
                        "item")
                .addVertex("product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "users", "items")
                .addLayer(
                        "like",
                        new OutputLayer.Builder(loss)
                                .nIn(SIZE)
                                .nOut(1)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "product")
                .setOutputs("like")
                .build());
        network.init();
        return network;
    }

    /** Users and items have tastes in common, which decide how probable a like is. */
    private static double[][] probabilities() {
        Random random = new Random(1);
        double[][] users = new double[USERS][3];
        double[][] items = new double[ITEMS][3];
        for (double[][] all : List.of(users, items)) {
            for (double[] one : all) {
                for (int f = 0; f < one.length; f++) {
                    one[f] = random.nextGaussian();
                }
            }
        }
        double[][] probabilities = new double[USERS][ITEMS];
        for (int u = 0; u < USERS; u++) {
            for (int i = 0; i < ITEMS; i++) {
                double match = users[u][0] * items[i][0] + users[u][1] * items[i][1] + users[u][2] * items[i][2];
                probabilities[u][i] = 1 / (1 + Math.exp(3.5 - 1.2 * match));
            }
        }
        return probabilities;
    }

    private static boolean[][] draw(double[][] probabilities, long seed) {
        Random random = new Random(seed);
        boolean[][] likes = new boolean[USERS][ITEMS];
        for (int u = 0; u < USERS; u++) {
            for (int i = 0; i < ITEMS; i++) {
                likes[u][i] = random.nextDouble() < probabilities[u][i];
            }
        }
        return likes;
    }
}
