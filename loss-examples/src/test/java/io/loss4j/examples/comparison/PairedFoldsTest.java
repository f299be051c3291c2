package io.loss4j.examples.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PairedFoldsTest {
    /** 1 to 5: mean 3, variance 2.5; (1/5 + 1/4) 2.5 = 1.125; t(4) of 97.5 % is 2.776445. */
    @Test
    void theVarianceIsThatOfNadeauAndBengio() {
        Interval interval = new PairedFolds(new double[] {1, 2, 3, 4, 5}, 5).interval();
        assertEquals(3, interval.mean());
        assertEquals(3 + 2.776445 * Math.sqrt(1.125), interval.high(), 1e-5);
        assertEquals(3 - 2.776445 * Math.sqrt(1.125), interval.low(), 1e-5);
    }

    /** 0 lies at the end of the interval of 95 % exactly when the doubt is 5 %. */
    @Test
    void doubtAndIntervalAgree() {
        double edge = 2.7764451051977987 * Math.sqrt(1.125);
        double[] values = {edge - 2, edge - 1, edge, edge + 1, edge + 2};
        assertEquals(0.05, new PairedFolds(values, 5).doubt(), 1e-9);
        assertEquals(0, new PairedFolds(values, 5).interval().low(), 1e-9);
    }

    @Test
    void equalValuesHaveNoWidth() {
        PairedFolds same = new PairedFolds(new double[] {0, 0, 0, 0}, 2);
        assertEquals(new Interval(0, 0, 0), same.interval());
        assertEquals(1, same.doubt());
        assertEquals(0, new PairedFolds(new double[] {1, 1, 1, 1}, 2).doubt());
    }

    /** More repeats help less than independent data would: the part of the variance that folds share stays. */
    @Test
    void repeatsDoNotShortenIntervalsWithoutEnd() {
        double[] once = {-1, 1, -1, 1};
        double[] often = new double[400];
        for (int i = 0; i < often.length; i++) {
            often[i] = once[i % 4];
        }
        assertTrue(new PairedFolds(often, 4).interval().high() > Math.sqrt(1.0 / 3));
    }
}
