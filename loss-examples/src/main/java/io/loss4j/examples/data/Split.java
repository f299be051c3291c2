package io.loss4j.examples.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Rows for training and rows for testing, with every class in both parts in the same proportion. The arrays are not
 * copied.
 *
 * @param train row numbers, shuffled
 * @param test row numbers, ascending
 */
public record Split(int[] train, int[] test) {
    /**
     * Splits rows. A class of at least two rows has at least one in each part; a class of one row is only trained.
     *
     * @param labels the class of every row
     * @param classes K
     * @param testFraction between 0 and 1
     * @param seed the same seed gives the same split
     */
    public static Split stratified(int[] labels, int classes, double testFraction, long seed) {
        Random random = new Random(seed);
        IntStream.Builder train = IntStream.builder();
        IntStream.Builder test = IntStream.builder();
        for (int k = 0; k < classes; k++) {
            int[] rows = rowsOf(labels, k);
            shuffle(rows, random);
            int tested = (int) Math.round(testFraction * rows.length);
            tested = Math.min(Math.max(tested, 1), rows.length - 1);
            for (int i = 0; i < rows.length; i++) {
                (i < tested ? test : train).add(rows[i]);
            }
        }
        int[] trained = train.build().toArray();
        shuffle(trained, random);
        return new Split(trained, test.build().sorted().toArray());
    }

    /**
     * The splits of a cross-validation: every row is tested once. The folds differ by at most one row per class, and by
     * at most one row in all.
     *
     * @param labels the class of every row; every class has as many rows as there are folds
     * @param classes K
     * @param folds at least 2
     * @param seed the same seed gives the same folds
     */
    public static List<Split> folds(int[] labels, int classes, int folds, long seed) {
        Random random = new Random(seed);
        int[] foldOf = new int[labels.length];
        int next = 0;
        for (int k = 0; k < classes; k++) {
            int[] rows = rowsOf(labels, k);
            shuffle(rows, random);
            for (int row : rows) {
                foldOf[row] = next++ % folds; // goes on where the class before ended, so that folds are equally large
            }
        }
        List<Split> splits = new ArrayList<>();
        for (int f = 0; f < folds; f++) {
            int fold = f;
            int[] train = IntStream.range(0, labels.length)
                    .filter(i -> foldOf[i] != fold)
                    .toArray();
            shuffle(train, random);
            splits.add(new Split(
                    train,
                    IntStream.range(0, labels.length)
                            .filter(i -> foldOf[i] == fold)
                            .toArray()));
        }
        return List.copyOf(splits);
    }

    private static int[] rowsOf(int[] labels, int k) {
        return IntStream.range(0, labels.length).filter(i -> labels[i] == k).toArray();
    }

    /** The same as of {@code Collections.shuffle}. */
    static void shuffle(int[] rows, Random random) {
        for (int i = rows.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = rows[i];
            rows[i] = rows[j];
            rows[j] = swapped;
        }
    }
}
