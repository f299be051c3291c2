package io.loss4j.examples.training;

import io.loss4j.examples.data.Dataset;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The examples of a part in batches, in a new order every epoch; the same seed gives the same orders. */
public final class Batches {
    private final Dataset.Part part;
    private final int classes;
    private final int size;
    private final Random random;
    private final int[] order;

    /**
     * @param part the examples
     * @param classes K
     * @param size examples per batch; the last batch may have fewer
     * @param seed of the orders
     */
    public Batches(Dataset.Part part, int classes, int size, long seed) {
        this.part = part;
        this.classes = classes;
        this.size = size;
        this.random = new Random(seed);
        this.order = IntStream.range(0, part.size()).toArray();
    }

    /** All examples of a part in their order, with one-hot labels. */
    public static DataSet whole(Dataset.Part part, int classes) {
        return new Batches(part, classes, Math.max(1, part.size()), 0).get(0);
    }

    /** Puts the examples in a new order. */
    public void shuffle() {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    /** How many batches. */
    public int count() {
        return (order.length + size - 1) / size;
    }

    /** A batch of the present order, with one-hot labels. */
    public DataSet get(int index) {
        int from = index * size;
        int to = Math.min(from + size, order.length);
        float[] labels = new float[(to - from) * classes];
        for (int i = from; i < to; i++) {
            labels[(i - from) * classes + part.labels()[order[i]]] = 1;
        }
        return new DataSet(inputs(from, to), matrix(labels, to - from));
    }

    /** The inputs of a batch of the present order. */
    public INDArray inputs(int index) {
        int from = index * size;
        return inputs(from, Math.min(from + size, order.length));
    }

    private INDArray inputs(int from, int to) {
        return matrix(part.inputs(order, from, to), to - from);
    }

    private static INDArray matrix(float[] values, int rows) {
        return Nd4j.create(values, new long[] {rows, values.length / rows}, 'c');
    }
}
