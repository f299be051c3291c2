package io.loss4j.examples.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
    /** 70, 20, 2 and 1 rows: in proportion, small, one each, and a class that can only be trained. */
    private static final int[] LABELS = IntStream.range(0, 93)
            .map(i -> i < 70 ? 0 : i < 90 ? 1 : i < 92 ? 2 : 3)
            .toArray();

    private static long count(int[] rows, int label) {
        return IntStream.of(rows).filter(i -> LABELS[i] == label).count();
    }

    @Test
    void everyRowIsInOnePart() {
        Split split = Split.stratified(LABELS, 4, 0.3, 1);
        assertEquals(
                IntStream.range(0, LABELS.length).boxed().toList(),
                IntStream.concat(IntStream.of(split.train()), IntStream.of(split.test()))
                        .sorted()
                        .boxed()
                        .toList());
    }

    @Test
    void everyClassIsInProportion() {
        Split split = Split.stratified(LABELS, 4, 0.3, 1);
        assertEquals(21, count(split.test(), 0));
        assertEquals(6, count(split.test(), 1));
        assertEquals(1, count(split.test(), 2));
        assertEquals(0, count(split.test(), 3));
    }

    @Test
    void extremeFractionsLeaveNoPartEmpty() {
        for (double fraction : new double[] {1e-9, 1 - 1e-9}) {
            Split split = Split.stratified(LABELS, 4, fraction, 1);
            for (int k = 0; k < 3; k++) {
                assertTrue(count(split.test(), k) > 0 && count(split.train(), k) > 0, "class " + k);
            }
        }
    }

    @Test
    void theSeedDecides() {
        int[] rows = Split.stratified(LABELS, 4, 0.3, 1).train();
        assertArrayEquals(rows, Split.stratified(LABELS, 4, 0.3, 1).train());
        assertFalse(Arrays.equals(rows, Split.stratified(LABELS, 4, 0.3, 2).train()));
    }

    @Test
    void foldsTestEveryRowOnceAndEveryClassInProportion() {
        int[] labels =
                IntStream.range(0, 97).map(i -> i < 71 ? 0 : i < 92 ? 1 : 2).toArray();
        List<Split> folds = Split.folds(labels, 3, 5, 1);
        assertEquals(
                IntStream.range(0, 97).boxed().toList(),
                folds.stream()
                        .flatMapToInt(f -> IntStream.of(f.test()))
                        .sorted()
                        .boxed()
                        .toList());
        for (Split fold : folds) {
            assertTrue(fold.test().length == 19 || fold.test().length == 20, "folds differ by at most one row");
            assertEquals(
                    1, IntStream.of(fold.test()).filter(i -> labels[i] == 2).count());
            assertEquals(97, fold.train().length + fold.test().length);
            assertEquals(
                    97,
                    IntStream.concat(IntStream.of(fold.train()), IntStream.of(fold.test()))
                            .distinct()
                            .count());
        }
        assertArrayEquals(
                folds.get(3).train(), Split.folds(labels, 3, 5, 1).get(3).train());
        assertFalse(Arrays.equals(
                folds.get(3).test(), Split.folds(labels, 3, 5, 2).get(3).test()));
    }
}
