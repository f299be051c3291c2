package io.loss4j.examples.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Rows for training and rows for testing, with every class in both parts in the same proportion.
 *
 * @param train row numbers, shuffled
 * @param test row numbers, ascending
 */
record Split(List<Integer> train, List<Integer> test) {
    /**
     * Splits rows. A class of at least two rows has at least one in each part; a class of one row is only trained.
     *
     * @param labels the class of every row
     * @param classes K
     * @param testFraction between 0 and 1
     * @param seed the same seed gives the same split
     */
    static Split stratified(int[] labels, int classes, double testFraction, long seed) {
        Random random = new Random(seed);
        List<Integer> train = new ArrayList<>();
        List<Integer> test = new ArrayList<>();
        for (int k = 0; k < classes; k++) {
            List<Integer> rows = new ArrayList<>();
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] == k) {
                    rows.add(i);
                }
            }
            Collections.shuffle(rows, random);
            int tested = (int) Math.round(testFraction * rows.size());
            tested = Math.min(Math.max(tested, 1), rows.size() - 1);
            test.addAll(rows.subList(0, tested));
            train.addAll(rows.subList(tested, rows.size()));
        }
        Collections.shuffle(train, random);
        Collections.sort(test);
        return new Split(List.copyOf(train), List.copyOf(test));
    }
}
