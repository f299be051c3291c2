package io.loss4j.dl4j.metric;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final Bootstrap BOOTSTRAP = Bootstrap.of(7);

    /** Rows of which a part is right, with a few of class 1. */
    private static Predictions rows(int n, double right, long seed) {
        Random random = new Random(seed);
        int[] labels = IntStream.range(0, n).map(i -> i % 20 == 0 ? 1 : 0).toArray();
        double[][] scores = Arrays.stream(labels)
                .mapToObj(y -> random.nextDouble() < right ? y : 1 - y)
                .map(y -> new double[] {y == 0 ? 1 : 0, y})
                .toArray(double[][]::new);
        return Predictions.of(scores, labels);
    }

    /** The accuracy of n rows is binomial: its 95 % is 1.96 standard errors to both sides, within the noise of 4000 draws. */
    @Test
    void theIntervalOfAnAccuracyIsThatOfTheBinomial() {
        Predictions p = rows(1000, 0.8, 1);
        double a = Metric.accuracy().of(p);
        double half = 1.96 * Math.sqrt(a * (1 - a) / 1000);
        Interval interval = BOOTSTRAP.withReplicates(4000).interval(Metric.accuracy(), p);
        assertEquals(a, interval.estimate());
        assertEquals(a - half, interval.lower(), 0.15 * half);
        assertEquals(a + half, interval.upper(), 0.15 * half);
        assertEquals(0, interval.undefined());
    }

    /** Of 200 samples whose truth is known, about 95 % have it in their interval: 178 of 200 are 4 sigma below. */
    @Test
    void theIntervalHoldsTheTruthAsOftenAsItSays() {
        Bootstrap bootstrap = BOOTSTRAP.withReplicates(400);
        long held = IntStream.range(0, 200)
                .mapToObj(seed -> bootstrap.interval(Metric.accuracy(), rows(300, 0.7, 100 + seed)))
                .filter(i -> i.lower() <= 0.7 && 0.7 <= i.upper())
                .count();
        assertTrue(held >= 178 && held <= 199, held + " of 200");
    }

    @Test
    void theSameSeedGivesTheSameWhateverTheThreads() throws Exception {
        Predictions p = rows(211, 0.7, 2);
        Interval one = BOOTSTRAP.interval(Metric.macroF1(), p);
        ForkJoinPool single = new ForkJoinPool(1);
        assertEquals(
                one,
                single.submit(() -> BOOTSTRAP.interval(Metric.macroF1(), p)).get());
        single.shutdown();
        assertNotEquals(one, Bootstrap.of(8).interval(Metric.macroF1(), p));
    }

    /** Neighbouring seeds must not share draws: their replicates differ as those of any two seeds. */
    @Test
    void neighbouringSeedsDrawOtherRows() {
        Predictions p = rows(50, 0.5, 3);
        double[] means = IntStream.range(0, 200)
                .mapToDouble(seed -> Bootstrap.of(seed)
                        .withReplicates(1)
                        .interval(Metric.accuracy(), p)
                        .lower())
                .toArray();
        double mean = Arrays.stream(means).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (int i = 1; i < means.length; i++) {
            covariance += (means[i] - mean) * (means[i - 1] - mean);
            variance += (means[i] - mean) * (means[i] - mean);
        }
        assertTrue(Math.abs(covariance / variance) < 0.28, "correlation " + covariance / variance); // 4 sigma
    }

    @Test
    void stratifiedDrawsKeepEveryClass() {
        Predictions p = rows(41, 0.7, 4); // three rows of class 1
        Metric rarity = q -> q.counts()[1];
        Interval plain = BOOTSTRAP.interval(rarity, p);
        assertTrue(plain.lower() < 3 && plain.upper() > 3, plain.toString());
        Interval stratified = BOOTSTRAP.stratifiedByClass().interval(rarity, p);
        assertEquals(new Interval(3, 3, 3, 0.95, 0), stratified);
    }

    /** No row of class 1 is in (38/41)^41 = 4.4 % of the draws. */
    @Test
    void replicatesWithoutTheClassAreLeftOutAndCounted() {
        Predictions p = rows(41, 0.7, 4);
        Interval interval = BOOTSTRAP.interval(Metric.recall(1), p);
        assertEquals(2000 * Math.pow(38 / 41.0, 41), interval.undefined(), 40);
        assertFalse(Double.isNaN(interval.lower()));
        assertEquals(
                0, BOOTSTRAP.stratifiedByClass().interval(Metric.recall(1), p).undefined());
        Interval never = BOOTSTRAP.withReplicates(20).interval(q -> Double.NaN, p);
        assertEquals(20, never.undefined());
        assertTrue(Double.isNaN(never.lower()) && !never.excludesZero());
    }

    @Test
    void pairedDifferencesAreNarrower() {
        Predictions worse = rows(400, 0.7, 5);
        Predictions better = betterThan(worse);
        Interval same = BOOTSTRAP.difference(Metric.accuracy(), worse, worse);
        assertEquals(new Interval(0, 0, 0, 0.95, 0), same);
        assertFalse(same.excludesZero());
        Interval gain = BOOTSTRAP.difference(Metric.accuracy(), better, worse);
        assertEquals(12 / 400.0, gain.estimate(), 1e-12);
        assertTrue(gain.excludesZero(), gain.toString());
        Interval loss = BOOTSTRAP.difference(Metric.accuracy(), worse, better);
        assertTrue(loss.excludesZero() && loss.upper() < 0, loss.toString());
        Interval alone = BOOTSTRAP.interval(Metric.accuracy(), worse);
        assertTrue(gain.upper() - gain.lower() < (alone.upper() - alone.lower()) / 2);
    }

    /** The same with twelve more rows right. */
    private static Predictions betterThan(Predictions worse) {
        double[][] scores = new double[worse.rows()][];
        int repaired = 0;
        for (int i = 0; i < scores.length; i++) {
            int y = worse.label(i);
            boolean repair = worse.predicted(i) != y && repaired < 12;
            repaired += repair ? 1 : 0;
            int say = repair ? y : worse.predicted(i);
            scores[i] = new double[] {1 - say, say};
        }
        return Predictions.of(scores, worse.labels());
    }

    /** Five times the same predictions tell no more than once. */
    @Test
    void repetitionsShareTheirDraws() {
        Predictions p = rows(100, 0.7, 6);
        assertEquals(
                BOOTSTRAP.interval(Metric.balancedAccuracy(), p),
                BOOTSTRAP.interval(Metric.balancedAccuracy(), List.of(p, p, p, p)));
        Predictions q = betterThan(p);
        Interval mean = BOOTSTRAP.interval(Metric.accuracy(), List.of(p, q));
        assertEquals((Metric.accuracy().of(p) + Metric.accuracy().of(q)) / 2, mean.estimate(), 1e-12);
    }

    @Test
    void aLowerLevelIsNarrower() {
        Predictions p = rows(100, 0.7, 6);
        Interval wide = BOOTSTRAP.interval(Metric.accuracy(), p);
        Interval narrow = BOOTSTRAP.withLevel(0.5).interval(Metric.accuracy(), p);
        assertTrue(wide.lower() < narrow.lower() && narrow.upper() < wide.upper());
        assertEquals("0.700 [0.610, 0.790]", new Interval(0.7, 0.61, 0.79, 0.95, 0).toString());
    }

    /** numpy.quantile([1, 2, 4, 8, 16], [0.025, 0.975]) is 1.1 and 15.2; draws are taken as they come here. */
    @Test
    void theEndsAreInterpolatedAsInNumPy() {
        double[] values = {4, 1, 16, 2, 8};
        int[] calls = new int[1];
        Metric next = p -> values[calls[0]++ % 5];
        Predictions p = Predictions.of(new double[][] {{1, 0}}, new int[] {0});
        // one thread, so that the calls come one after the other; the first is the estimate
        Interval interval = new ForkJoinPool(1)
                .submit(() -> BOOTSTRAP.withReplicates(5).interval(next, p))
                .join();
        assertEquals(4, interval.estimate());
        assertEquals(1.1, interval.lower(), 1e-12);
        assertEquals(15.2, interval.upper(), 1e-12);
    }

    @Test
    void r9_whatCannotBeComparedIsRefused() {
        Predictions p = rows(40, 0.7, 1);
        refused("L4J-D52", "0 replicates", () -> BOOTSTRAP.withReplicates(0));
        refused("L4J-D52", "a level of 1.0", () -> BOOTSTRAP.withLevel(1));
        refused("L4J-D52", "no predictions", () -> BOOTSTRAP.interval(Metric.accuracy(), List.of()));
        refused("L4J-D52", "different labels", () -> BOOTSTRAP.difference(Metric.accuracy(), p, rows(39, 0.7, 1)));
    }
}
