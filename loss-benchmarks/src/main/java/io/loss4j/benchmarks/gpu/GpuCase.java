package io.loss4j.benchmarks.gpu;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.benchmarks.timing.LabelForm;
import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A loss on arrays in device memory.
 *
 * @param workload loss, labels, size and type
 * @param wanted what is asked for
 * @param extras class weights, smoothing and ignored labels, if it has them
 * @param copyFraction the share of a copy's bandwidth that it is to reach
 * @param callMicroseconds for sizes that a launch dominates: the longest time of a call, 0 without a bar
 * @param hasPeers whether other libraries are timed on it too
 */
public record GpuCase(
        Workload workload,
        Wanted wanted,
        Optional<Extras> extras,
        OptionalDouble copyFraction,
        OptionalDouble callMicroseconds,
        boolean hasPeers) {
    /**
     * What makes labels count differently.
     *
     * @param smoothing of the labels
     * @param ignored the label of rows that are left out
     * @param ignoredOf1024 how many of 1024 rows are
     */
    public record Extras(double smoothing, long ignored, int ignoredOf1024) {
        private static double weight(int column) {
            return 0.5 + column % 7 / 4.0;
        }
    }

    /** Unique in a list, and as the peers call it. */
    public String name() {
        return workload.name()
                + (extras.isPresent() ? "/weighted" : "")
                + (wanted == Wanted.VALUE_AND_GRADIENT ? "" : " " + wanted);
    }

    /** The loss as it is called, added up over all rows. */
    LossFunction function() {
        LossFunction sum = LossFunction.of(workload.spec()).withReduction(Reduction.SUM);
        if (extras.isEmpty()) {
            return sum;
        }
        double[] weights = new double[workload.columns()];
        Arrays.setAll(weights, Extras::weight);
        return sum.withClassWeights(ClassWeights.of(weights))
                .withLabelSmoothing(extras.get().smoothing())
                .withIgnoreIndex(extras.get().ignored());
    }

    /** Whether a label is a class index. */
    boolean hasIndices() {
        return workload.labels() == LabelForm.INDEX;
    }

    /** The bytes that any implementation moves for one prediction; class indices are not counted. */
    public int bytesPerElement() {
        int read = hasIndices() ? 1 : 2;
        return workload.precision().bytes * (read + (wanted.hasGradient() ? 1 : 0));
    }

    /** The bar for the largest error against float64, relative; only FLOAT has one. */
    public OptionalDouble errorBar() {
        return workload.precision() == Precision.FLOAT ? OptionalDouble.of(2e-6) : OptionalDouble.empty();
    }

    /** Who is off by more is wrong, whatever the bar: a unit in the last place of the gradient's type, or some of float. */
    double wrongFrom() {
        return switch (workload.precision()) {
            case FLOAT -> 1e-4;
            case DOUBLE -> 1e-11;
            case HALF -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
        };
    }

    /** The same with fewer rows, so that there are at most so many elements, or one row. */
    GpuCase within(long elements) {
        int rows = (int) Math.max(1, Math.min(workload.rows(), elements / workload.columns()));
        Workload smaller = new Workload(
                workload.spec(), workload.labels(), rows, workload.columns(), workload.precision(), workload.layout());
        return new GpuCase(smaller, wanted, extras, copyFraction, callMicroseconds, hasPeers);
    }
}
