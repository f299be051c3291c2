package io.loss4j.examples.training;

import io.loss4j.error.LossInputException;
import io.loss4j.examples.data.Dataset;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * One network trained with one loss. Trials of the same data and settings start from the same weights and see the same
 * batches in the same order: only the loss differs.
 */
public final class Trial {
    /** Rows of the test part that are answered at once. */
    private static final int ANSWERED = 4096;

    private final Dataset data;
    private final Settings settings;
    private final TimedLoss loss;
    private final MultiLayerNetwork network;
    private final Batches batches;
    private long fitNanoseconds;

    /** A network with its initial weights. */
    public Trial(Dataset data, Settings settings, ILossFunction loss) {
        this.data = data;
        this.settings = settings;
        this.loss = new TimedLoss(loss);
        this.network = Networks.create(data.inputs(), data.classes().size(), settings, this.loss);
        this.batches = new Batches(data.train(), data.classes().size(), settings.batch(), settings.seed());
    }

    /** Shows every example to the network once, in a new order. */
    public void epoch() {
        steps(batches.count());
    }

    /** The beginning of an epoch. */
    void steps(int most) {
        batches.shuffle();
        for (int i = 0; i < Math.min(most, batches.count()); i++) {
            DataSet batch = batches.get(i);
            long begin = System.nanoTime();
            network.fit(batch);
            fitNanoseconds += System.nanoTime() - begin;
        }
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
        Batches tested = new Batches(data.test(), data.classes().size(), ANSWERED, 0);
        double[][] probabilities = IntStream.range(0, tested.count())
                .mapToObj(i -> network.output(tested.inputs(i)).toDoubleMatrix())
                .flatMap(Arrays::stream)
                .toArray(double[][]::new);
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
