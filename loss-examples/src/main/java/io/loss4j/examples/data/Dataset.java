package io.loss4j.examples.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Numbers ready for a network.
 *
 * @param source where they come from
 * @param label the name of the label column
 * @param classes the names of the classes, in the order of their indices
 * @param encoding how rows become inputs
 * @param remarks what was left out and why, for people
 * @param train the part to train with
 * @param test the part to judge with
 */
public record Dataset(
        String source,
        String label,
        List<String> classes,
        Encoding encoding,
        List<String> remarks,
        Part train,
        Part test) {
    /** Examples and their classes. Inputs are computed when they are asked for: a million rows fit in memory only once. */
    public static final class Part {
        private final Encoding.RowEncoder encoder;
        private final int width;
        private final int[] rows;
        private final int[] labels;

        /**
         * @param encoding how rows become inputs
         * @param columns all rows
         * @param rows which of them
         * @param labels the class of all rows
         */
        Part(Encoding encoding, List<Column> columns, int[] rows, int[] labels) {
            this(encoding.encoder(columns), encoding.inputs(), rows, chosen(labels, rows));
        }

        private Part(Encoding.RowEncoder encoder, int width, int[] rows, int[] labels) {
            this.encoder = encoder;
            this.width = width;
            this.rows = rows;
            this.labels = labels;
        }

        private static int[] chosen(int[] labels, int[] rows) {
            return Arrays.stream(rows).map(row -> labels[row]).toArray();
        }

        /** Examples that are encoded already, with one-hot labels. */
        public static Part of(DataSet encoded) {
            int size = encoded.numExamples();
            float[] inputs = encoded.getFeatures().dup('c').data().asFloat();
            int width = inputs.length / size;
            return new Part(
                    (row, to, offset) -> System.arraycopy(inputs, row * width, to, offset, width),
                    width,
                    IntStream.range(0, size).toArray(),
                    encoded.getLabels().argMax(1).toIntVector());
        }

        /** How many examples. */
        public int size() {
            return rows.length;
        }

        /** The index of the class of every example; not a copy. */
        public int[] labels() {
            return labels;
        }

        /** How often each class occurs. */
        public long[] counts(int classes) {
            return Dataset.counts(labels, classes);
        }

        /**
         * The inputs of some examples, one after the other.
         *
         * @param order the examples in some order
         * @param from the first place in it
         * @param to behind the last place
         */
        public float[] inputs(int[] order, int from, int to) {
            float[] inputs = new float[(to - from) * width];
            for (int i = from; i < to; i++) {
                encoder.encode(rows[order[i]], inputs, (i - from) * width);
            }
            return inputs;
        }
    }

    static long[] counts(int[] labels, int classes) {
        long[] counts = new long[classes];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** How many inputs a network needs. */
    public int inputs() {
        return encoding.inputs();
    }
}
