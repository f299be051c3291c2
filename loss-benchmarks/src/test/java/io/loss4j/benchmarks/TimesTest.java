package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TimesTest {
    @Test
    void medianAndTails() {
        Times odd = new Times(5, 1, 3);
        assertEquals(1, odd.min());
        assertEquals(3, odd.median());
        assertEquals(5, odd.max());
        assertEquals(2.5, new Times(1, 2, 3, 4).median());
        Times eleven = new Times(10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        assertEquals(1, eleven.low(), 1e-12);
        assertEquals(9, eleven.high(), 1e-12);
        assertEquals(7, new Times(7).high());
        assertThrows(IllegalArgumentException.class, Times::new);
    }

    @Test
    void text() {
        assertEquals("5.20 us (5.20 to 5.20)", new Times(5.2).asTime());
        assertEquals("1.50 ms (1.02 to 93.1)", new Times(1500, 900, 116_000).asTime());
        assertEquals("45.2 (11.4 to 105)", new Times(45.16, 3, 120.4).asRatio());
    }
}
