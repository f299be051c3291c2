package io.loss4j.dl4j.metric;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Percentile bootstrap intervals (Efron 1979): rows are drawn with replacement, as many as there are, and the metric is
 * computed again; the middle 95 % of these numbers is the interval. It tells what other test rows would have given, not
 * what training again would have.
 *
 * <pre>{@code
 * Bootstrap bootstrap = Bootstrap.of(42).stratifiedByClass();
 * Interval pr = bootstrap.interval(Metric.averagePrecision(1), weighted);
 * Interval gain = bootstrap.difference(Metric.averagePrecision(1), weighted, plain); // same rows, paired
 * boolean real = gain.excludesZero();
 * }</pre>
 *
 * <p>The same seed gives the same interval, whatever the number of threads; replicates are computed in the common pool.
 *
 * @param seed of the draws
 * @param replicates how many times to draw; 2000 are usual
 * @param level how much of the numbers the interval holds, 0.95 as a rule
 * @param stratified whether every class keeps its number of rows; else a rare class may vanish from a replicate
 */
public record Bootstrap(long seed, int replicates, double level, boolean stratified) {
    private static final String WHO = "bootstrap";

    /** Checks the numbers. */
    public Bootstrap {
        if (replicates < 1) {
            throw new LossInputException("L4J-D52", WHO, replicates + " replicates, expected from 1", "2000 are usual");
        }
        if (!(level > 0 && level < 1)) {
            throw new LossInputException(
                    "L4J-D52", WHO, "a level of " + level + ", expected between 0 and 1", "0.95 is usual");
        }
    }

    /** 2000 replicates, 95 %, all rows alike. */
    public static Bootstrap of(long seed) {
        return new Bootstrap(seed, 2000, 0.95, false);
    }

    /** The same with another number of replicates. */
    public Bootstrap withReplicates(int number) {
        return new Bootstrap(seed, number, level, stratified);
    }

    /** The same with another level. */
    public Bootstrap withLevel(double part) {
        return new Bootstrap(seed, replicates, part, stratified);
    }

    /** The same with rows drawn within their classes. */
    public Bootstrap stratifiedByClass() {
        return new Bootstrap(seed, replicates, level, true);
    }

    /** The interval of a metric. */
    public Interval interval(Metric metric, Predictions predictions) {
        return interval(metric, List.of(predictions));
    }

    /**
     * The interval of the mean of a metric over several models that predicted the same rows, for example one per
     * repetition of a cross-validation. They share the draws, so that a row counts once, however often it was predicted.
     */
    public Interval interval(Metric metric, List<Predictions> repetitions) {
        return interval(repetitions, rows -> mean(metric, repetitions, rows), mean(metric, repetitions, null));
    }

    /** The interval of how much higher a metric is for one model than for another on the same rows. */
    public Interval difference(Metric metric, Predictions one, Predictions other) {
        return difference(metric, List.of(one), List.of(other));
    }

    /** The same for means over repetitions. */
    public Interval difference(Metric metric, List<Predictions> one, List<Predictions> other) {
        requireSameRows(one, other);
        double estimate = mean(metric, one, null) - mean(metric, other, null);
        return interval(one, rows -> mean(metric, one, rows) - mean(metric, other, rows), estimate);
    }

    private Interval interval(List<Predictions> repetitions, ToDoubleFunction<int[]> value, double estimate) {
        requireSameRows(repetitions, repetitions);
        int[][] strata = strata(repetitions.get(0));
        long start = new SplittableRandom(seed).nextLong(); // far from that of neighbouring seeds
        double[] values = IntStream.range(0, replicates)
                .parallel()
                .mapToDouble(replicate -> value.applyAsDouble(draw(strata, start, replicate)))
                .toArray();
        double[] defined =
                Arrays.stream(values).filter(x -> !Double.isNaN(x)).sorted().toArray();
        double tail = (1 - level) / 2;
        return new Interval(
                estimate, quantile(defined, tail), quantile(defined, 1 - tail), level, values.length - defined.length);
    }

    private static double mean(Metric metric, List<Predictions> repetitions, int @Nullable [] rows) {
        double sum = 0;
        for (Predictions predictions : repetitions) {
            sum += metric.of(rows == null ? predictions : predictions.rows(rows));
        }
        return sum / repetitions.size();
    }

    private static void requireSameRows(List<Predictions> one, List<Predictions> other) {
        if (one.isEmpty() || other.isEmpty()) {
            throw new LossInputException("L4J-D52", WHO, "no predictions", "give those of one model at least");
        }
        Predictions first = one.get(0);
        for (List<Predictions> list : List.of(one, other)) {
            for (Predictions predictions : list) {
                if (!first.hasLabelsOf(predictions) || first.classes() != predictions.classes()) {
                    throw new LossInputException(
                            "L4J-D52",
                            WHO,
                            "predictions of " + first.rows() + " rows of " + first.classes() + " classes and of "
                                    + predictions.rows() + " rows of " + predictions.classes()
                                    + " classes have different labels",
                            "give predictions of the same rows in the same order");
                }
            }
        }
    }

    /** The groups that rows are drawn from. */
    private int[][] strata(Predictions predictions) {
        if (!stratified) {
            return new int[][] {IntStream.range(0, predictions.rows()).toArray()};
        }
        int[] counts = predictions.counts();
        int[][] strata = new int[counts.length][];
        Arrays.setAll(strata, k -> new int[counts[k]]);
        int[] filled = new int[counts.length];
        for (int row = 0; row < predictions.rows(); row++) {
            int k = predictions.label(row);
            strata[k][filled[k]++] = row;
        }
        return strata;
    }

    private static int[] draw(int[][] strata, long start, int replicate) {
        // a generator per replicate, so that threads do not matter
        SplittableRandom random = new SplittableRandom(start + replicate);
        int[] rows = new int[Arrays.stream(strata).mapToInt(s -> s.length).sum()];
        int i = 0;
        for (int[] stratum : strata) {
            for (int n = 0; n < stratum.length; n++) {
                rows[i++] = stratum[random.nextInt(stratum.length)];
            }
        }
        return rows;
    }

    /** Linear between the sorted values, as NumPy does by default. */
    private static double quantile(double[] sorted, double part) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = part * (sorted.length - 1);
        int below = (int) at;
        double above = sorted[Math.min(below + 1, sorted.length - 1)];
        return sorted[below] + (at - below) * (above - sorted[below]);
    }
}
