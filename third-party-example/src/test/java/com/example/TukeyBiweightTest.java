package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.loss.LossSpec;
import io.loss4j.tck.LossConformance;
import org.junit.jupiter.api.Test;

/** The contract of every loss, and one number. */
class TukeyBiweightTest extends LossConformance {
    @Override
    protected LossSpec spec() {
        return new TukeyBiweight(2);
    }

    @Test
    void theExample() {
        assertEquals(4 / 6.0 * (1 - Math.pow(1 - 0.25, 3)), new TukeyBiweight(2).value(3, 2), 1e-15);
        assertEquals(0.385417, new TukeyBiweight(2).value(3, 2), 5e-7);
    }
}
