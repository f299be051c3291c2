package io.loss4j.examples.training;

import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.Dataset;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * One network trained with one loss. Trials of the same data and settings start from the same weights and see the same
 * batches in the same order: only the loss differs.
 */
public final class Trial {
    private final Dataset data;
    private final Settings settings;
    private final TimedLoss loss;
    private final MultiLayerNetwork network;
    private final Random order;
    private final int[] rows;
    private long fitNanoseconds;

    /** A network with its initial weights. */
    public Trial(Dataset data, Settings settings, ILossFunction loss) {
        this.data = data;
        this.settings = settings;
        this.loss = new TimedLoss(loss);
        this.network = new MultiLayerNetwork(configuration(data, settings, this.loss));
        this.network.init();
        this.order = new Random(settings.seed());
        this.rows = new int[data.train().size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
    }

    private static MultiLayerConfiguration configuration(Dataset data, Settings settings, ILossFunction loss) {
        return new NeuralNetConfiguration.Builder()
                .seed(settings.seed())
                .dataType(DataType.FLOAT)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(settings.learningRate()))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(data.inputs())
                        .nOut(settings.hidden())
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(settings.hidden())
                        .nOut(data.classes().size())
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    /** Shows every example to the network once, in a new order. */
    public void epoch() {
        shuffle();
        for (int start = 0; start < rows.length; start += settings.batch()) {
            DataSet batch = batch(start, Math.min(start + settings.batch(), rows.length));
            long begin = System.nanoTime();
            network.fit(batch);
            fitNanoseconds += System.nanoTime() - begin;
        }
    }

    private void shuffle() {
        for (int i = rows.length - 1; i > 0; i--) {
            int j = order.nextInt(i + 1);
            int swapped = rows[i];
            rows[i] = rows[j];
            rows[j] = swapped;
        }
    }

    private DataSet batch(int from, int to) {
        float[][] inputs = new float[to - from][];
        float[][] labels = new float[to - from][data.classes().size()];
        for (int i = from; i < to; i++) {
            inputs[i - from] = data.train().inputs()[rows[i]];
            labels[i - from][data.train().labels()[rows[i]]] = 1;
        }
        return new DataSet(Nd4j.create(inputs), Nd4j.create(labels));
    }

    /** All weights of the network in one row. */
    INDArray parameters() {
        return network.params();
    }

    /**
     * How well the network does on the examples that were kept for testing.
     *
     * @throws LossInputException if training went astray and the network answers NaN
     */
    public Scores scores() {
        double[][] probabilities =
                network.output(Nd4j.create(data.test().inputs())).toDoubleMatrix();
        if (Arrays.stream(probabilities).flatMapToDouble(Arrays::stream).anyMatch(Double::isNaN)) {
            throw new LossInputException(
                    "L4J-D30",
                    loss.toString(),
                    "the network answers NaN after training with a learning rate of " + settings.learningRate(),
                    "lower --learning-rate");
        }
        return Scores.of(probabilities, data.test().labels());
    }

    /** Seconds in {@code fit}, the loss included. */
    public double fitSeconds() {
        return fitNanoseconds / 1e9;
    }

    /** Seconds in the loss: one gradient and one score per batch. */
    public double lossSeconds() {
        return loss.seconds();
    }

    /** How often the loss was asked. */
    public long lossCalls() {
        return loss.calls();
    }
}
