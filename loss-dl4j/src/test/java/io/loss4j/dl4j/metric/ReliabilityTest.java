package io.loss4j.dl4j.metric;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Expected numbers: the formula of Guo et al. written in NumPy over {@link Examples}, or by hand. */
class ReliabilityTest {
    private static final double EXACT = 1e-12;

    @Test
    void errorsOfThePredictedClass() {
        Predictions p = Examples.predictions();
        assertEquals(0.21878632091841516, Reliability.of(p, 5).expectedError(), EXACT);
        assertEquals(0.28138565276079147, Reliability.of(p, 10).expectedError(), EXACT);
        assertEquals(0.4010117956889522, Metric.expectedCalibrationError(15).of(p), EXACT);
        assertEquals(0.4992290175991779, Reliability.of(p, 15).maximumError(), EXACT);
    }

    @Test
    void errorsOfOneClass() {
        Predictions p = Examples.predictions();
        assertEquals(0.222385764436548, Reliability.ofClass(p, 2, 5).expectedError(), EXACT);
        assertEquals(0.25875527348047567, Reliability.ofClass(p, 2, 15).expectedError(), EXACT);
        assertEquals(0.6744186046511628, Reliability.ofClass(p, 2, 15).maximumError(), EXACT);
    }

    /** By hand, with two bins: 0.5 is in the lower one; 0.75 and 1 in the upper one, one of them right. */
    @Test
    void theUpperEndOfABinIsInIt() {
        Predictions p = Predictions.of(new double[][] {{0.5, 0.5}, {0.25, 0.75}, {1, 0}}, new int[] {0, 1, 1});
        Reliability r = Reliability.of(p, 2);
        assertEquals(new Reliability.Bin(0, 0.5, 1, 0.5, 1), r.bins().get(0));
        assertEquals(new Reliability.Bin(0.5, 1, 2, 0.875, 0.5), r.bins().get(1));
        assertEquals(0.5 / 3 + 0.375 * 2 / 3, r.expectedError(), EXACT);
        assertEquals(0.5, r.maximumError(), EXACT);
    }

    /** Every k/100, whose product with 100 is rounded up for some. */
    @Test
    void everyEndIsInTheBinBelow() {
        for (int k = 0; k <= 100; k++) {
            Predictions p = Predictions.of(new double[][] {{k / 100.0}}, new int[] {1});
            int bin = Math.max(0, k - 1);
            assertEquals(1, Reliability.ofClass(p, 1, 100).bins().get(bin).count(), k + " %");
        }
    }

    @Test
    void emptyBinsHaveNoAccuracyAndCostNothing() {
        Predictions p = Predictions.of(new double[][] {{0.1, 0.9}}, new int[] {1});
        Reliability r = Reliability.of(p, 10);
        assertEquals(10, r.bins().size());
        assertEquals(Double.NaN, r.bins().get(0).accuracy());
        assertEquals(0.1, r.expectedError(), EXACT);
    }

    @Test
    void r9_logitsAreRefused() {
        Predictions p = Predictions.of(new double[][] {{-2, 5}}, new int[] {1});
        refused("L4J-D51", "a score of row 0 is -2.0", () -> Reliability.of(p, 10));
        refused("L4J-D51", "a score of row 0 is -2.0", () -> Reliability.ofClass(p, 0, 10));
    }
}
