package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import org.jspecify.annotations.Nullable;

/** A job made ready for one algorithm. Rows are independent, so chunks of rows may run on any thread. */
interface RowKernel {
    /** Rows are handed out in multiples of this; it depends on the job alone, so that sums keep their order. */
    int chunkRows();

    /** The unscaled sum of all terms from the sums of the chunks, added up in an order that depends on the job alone. */
    default double sum(double[] chunks) {
        double sum = 0;
        for (double part : chunks) {
            sum += part;
        }
        return sum;
    }

    /** A worker's own view of the job, with arrays from the {@link Scratch} of this thread; gone when that is closed. */
    Worker worker();

    /** Works on chunks of rows, on one thread. */
    interface Worker {
        /**
         * Writes gradients and terms of the rows.
         *
         * @param totals where to add up the rows by class, or null
         * @return the unscaled sum of their weighted terms; anything if no value is wanted
         */
        double process(long firstRow, int rows, @Nullable ClassTotals totals);
    }
}
