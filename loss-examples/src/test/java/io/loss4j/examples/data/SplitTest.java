package io.loss4j.examples.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SplitTest {
    /** 70, 20, 2 and 1 rows: in proportion, small, one each, and a class that can only be trained. */
    private static final int[] LABELS = IntStream.range(0, 93)
            .map(i -> i < 70 ? 0 : i < 90 ? 1 : i < 92 ? 2 : 3)
            .toArray();

    private static long count(List<Integer> rows, int label) {
        return rows.stream().filter(i -> LABELS[i] == label).count();
    }

    @Test
    void everyRowIsInOnePart() {
        Split split = Split.stratified(LABELS, 4, 0.3, 1);
        assertEquals(
                IntStream.range(0, LABELS.length).boxed().toList(),
                Stream.concat(split.train().stream(), split.test().stream())
                        .sorted()
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
        assertEquals(Split.stratified(LABELS, 4, 0.3, 1), Split.stratified(LABELS, 4, 0.3, 1));
        assertNotEquals(Split.stratified(LABELS, 4, 0.3, 1), Split.stratified(LABELS, 4, 0.3, 2));
    }
}
