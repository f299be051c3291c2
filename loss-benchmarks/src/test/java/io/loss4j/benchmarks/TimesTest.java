package io.loss4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TimesTest {
    @Test
    void medianAndExtremes() {
        Times odd = new Times(5, 1, 3);
        assertEquals(1, odd.min());
        assertEquals(3, odd.median());
        assertEquals(5, odd.max());
        assertEquals(4, odd.and(new Times(100)).median());
        assertThrows(IllegalArgumentException.class, Times::new);
    }

    @Test
    void text() {
        assertEquals("5.20 us (4.99 to 12.3)", new Times(5.2, 4.987, 12.34).asTime());
        assertEquals("1.50 ms (0.90 to 116)", new Times(1500, 900, 116_000).asTime());
        assertEquals("45.2 (3.00 to 120)", new Times(45.16, 3, 120.4).asRatio());
    }
}
