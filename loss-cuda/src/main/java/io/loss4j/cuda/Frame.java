package io.loss4j.cuda;

import io.loss4j.loss.LogitTransform;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where things lie in the memory of a lane. What goes up is one piece (constants, inputs, zeroed results), what comes down
 * another that overlaps it (results, outputs), so that a call takes one copy each way.
 */
final class Frame {
    /** First row with a wrong class index plus one, that label, whether it is not whole, scratch; then the value. */
    private static final long FAULT_BYTES = 4 * Long.BYTES;

    private static final int ALIGNMENT = 256;

    private final long columns;
    /** By column; empty: none. */
    private final double[][] constants;

    private final long[] constantsAt;

    final long predictions;
    final long labels;
    final long mask;
    final long fault;
    final long value;
    final long inputsEnd;
    final long gradient;
    final long terms;
    final long outputsEnd;
    final long partials;
    final long end;

    private long next;

    /** How many bytes a part takes; 0 if it is absent or lies elsewhere. */
    record Sizes(long predictions, long labels, long mask, long gradient, long terms) {
        static final Sizes NONE = new Sizes(0, 0, 0, 0, 0);
    }

    Frame(
            Formula formula,
            double @Nullable [] classWeights,
            double @Nullable [] positiveWeights,
            LogitTransform logits,
            long columns,
            Sizes sizes) {
        this.columns = columns;
        constants = new double[][] {
            orEmpty(classWeights),
            orEmpty(positiveWeights),
            orEmpty(logits.bias()),
            orEmpty(logits.margin()),
            orEmpty(formula.perColumn)
        };
        constantsAt = new long[constants.length];
        for (int i = 0; i < constants.length; i++) {
            constantsAt[i] = place((long) constants[i].length * Double.BYTES);
        }
        predictions = place(sizes.predictions());
        labels = place(sizes.labels());
        mask = place(sizes.mask());
        fault = place(FAULT_BYTES + Double.BYTES);
        value = fault + FAULT_BYTES;
        inputsEnd = next;
        gradient = place(sizes.gradient());
        terms = place(sizes.terms());
        outputsEnd = next;
        partials = place((long) KernelTable.MOST_PARTIALS * Double.BYTES);
        end = next;
    }

    private static double[] orEmpty(double @Nullable [] numbers) {
        return numbers == null ? new double[0] : numbers;
    }

    private long place(long bytes) {
        long at = next;
        next += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return at;
    }

    /** Writes the constants to the pinned memory. */
    void writeConstants(Lane lane) {
        for (int i = 0; i < constants.length; i++) {
            double[] numbers = constants[i];
            if (numbers.length > 0) {
                if (numbers.length != columns) {
                    throw new IllegalArgumentException(numbers.length + " numbers for " + columns + " columns");
                }
                lane.pinned(constantsAt[i], columns * Double.BYTES)
                        .asDoubleBuffer()
                        .put(numbers);
            }
        }
    }

    /** No fault, no value yet. */
    void clearResults(Lane lane) {
        ByteBuffer results = lane.pinned(fault, FAULT_BYTES + Double.BYTES);
        while (results.hasRemaining()) {
            results.putLong(0);
        }
    }

    /** Row of the first bad label plus one, or 0; after the download. */
    long faultRow(Lane lane) {
        return lane.pinned(fault, Long.BYTES).getLong();
    }

    /** Whether that label is no whole number. */
    boolean isFraction(Lane lane) {
        return lane.pinned(fault + 2 * Long.BYTES, Long.BYTES).getLong() != 0;
    }

    /** That label; of a fraction the bits of a double. */
    long faultLabel(Lane lane) {
        return lane.pinned(fault + Long.BYTES, Long.BYTES).getLong();
    }

    double value(Lane lane) {
        return lane.pinned(value, Double.BYTES).getDouble();
    }

    /**
     * Writes the job as {@code job.cuh} lays it out.
     *
     * @param valueAddress where the value goes, or 0
     * @param phase which launch of the job it is for, by the numbers of {@code job.cuh}
     */
    void writeJob(DeviceJob job, KernelTable.Regime regime, Lane lane, long valueAddress, int phase) {
        ByteBuffer to = lane.job();
        job.predictions().write(to);
        job.labels().write(to);
        job.mask().write(to);
        job.gradient().write(to);
        job.terms().write(to);
        for (int i = 0; i < constants.length; i++) {
            to.putLong(constants[i].length == 0 ? 0 : lane.device(constantsAt[i]));
        }
        to.putLong(lane.device(partials)).putLong(valueAddress).putLong(lane.device(fault));
        to.putLong(job.predictions().rows())
                .putLong(job.predictions().columns())
                .putLong(job.mask().isPresent() ? job.mask().columns() : 0)
                .putLong(job.index() ? 1 : 0)
                .putLong(job.ignored().isPresent() ? 1 : 0)
                .putLong(job.ignored().orElse(0))
                .putLong(job.termsPerRow() ? 1 : 0)
                .putLong(job.rowOffset());
        to.putDouble(job.smoothing())
                .putDouble(job.zLoss())
                .putDouble(job.scale())
                .putDouble(job.logits().scale());
        for (double p : job.formula().parameters) {
            to.putDouble(p);
        }
        to.putLong(job.formula().accepted().formula()).putLong(regime.lanes());
        DeviceRows x = job.predictions();
        to.putLong(regime.shared() > 0 ? 1 : 0)
                .putLong(regime.parts(x.rows(), x.columns()))
                .putLong(phase);
    }
}
