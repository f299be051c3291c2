package io.loss4j.benchmarks.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UlpsTest {
    @Test
    void errorsAreInUnitsOfTheRightNumber() {
        assertEquals(0, Ulps.between(1, 1));
        assertEquals(1, Ulps.between(Math.nextUp(1f), 1));
        assertEquals(3, Ulps.between(5 - 3 * Math.ulp(5f), 5));
        assertEquals(0.5, Ulps.between(1, 1 + Math.ulp(1f) / 2.0), 1e-6);
        assertEquals(0, Ulps.between(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
        assertEquals(0, Ulps.between(Double.NaN, Double.NaN));
        assertEquals(Double.POSITIVE_INFINITY, Ulps.between(Double.NaN, 1));
    }

    @Test
    void whatIsFlushedCountsAtMostOne() {
        assertEquals(0.5, Ulps.between(0, Float.MIN_NORMAL / 2), 1e-12);
        assertEquals(1 << 23, Ulps.between(0, Float.MIN_NORMAL));
    }

    @Test
    void theWorstIsRememberedWithItsPlace() {
        Ulps ulps = new Ulps();
        ulps.add(1, 1, 7, 8);
        ulps.add(1 + 4 * Math.ulp(1f), 1, 2, 3);
        ulps.add(1 + 2 * Math.ulp(1f), 1, 4, 5);
        assertEquals(4, ulps.worst());
        assertEquals(2, ulps.mean());
        assertEquals("2.000, 3.000", ulps.where());
    }
}
