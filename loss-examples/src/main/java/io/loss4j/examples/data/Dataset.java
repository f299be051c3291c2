package io.loss4j.examples.data;

import java.util.List;

/**
 * Numbers ready for a network.
 *
 * @param source where they come from
 * @param label the name of the label column
 * @param classes the names of the classes, in the order of their indices
 * @param numeric the columns used as numbers, for people
 * @param categorical the columns used as categories, for people
 * @param remarks what was left out and why, for people
 * @param train the part to train with
 * @param test the part to judge with
 */
public record Dataset(
        String source,
        String label,
        List<String> classes,
        List<String> numeric,
        List<String> categorical,
        List<String> remarks,
        Part train,
        Part test) {
    /**
     * Examples and their classes.
     *
     * @param inputs one row of inputs per example
     * @param labels the index of the class of every example
     */
    public record Part(float[][] inputs, int[] labels) {
        /** How many examples. */
        public int size() {
            return labels.length;
        }

        /** How often each class occurs. */
        public long[] counts(int classes) {
            long[] counts = new long[classes];
            for (int label : labels) {
                counts[label]++;
            }
            return counts;
        }
    }

    /** How many inputs a network needs. */
    public int inputs() {
        return train.inputs()[0].length;
    }
}
