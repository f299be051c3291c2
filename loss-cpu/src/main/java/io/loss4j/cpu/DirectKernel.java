package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise losses from memory to memory. What vectors cannot do, odd numbers and the end of an array, goes through the
 * tiles of {@link ElementwiseKernel}.
 */
final class DirectKernel implements RowKernel {
    private final ElementwiseKernel tiles;
    private final DirectFunction function;
    private final DirectLosses.Memory memory;
    private final Primitives primitives;

    private DirectKernel(
            ElementwiseKernel tiles, DirectFunction function, DirectLosses.Memory memory, Primitives primitives) {
        this.tiles = tiles;
        this.function = function;
        this.memory = memory;
        this.primitives = primitives;
    }

    /** For a job that has been cut into tiles, or null if it is not of the plain kind. */
    static @Nullable DirectKernel of(LossJob job, ElementwiseKernel tiles, Primitives primitives) {
        DirectFunction function = DirectFunction.of(job.spec());
        DirectLosses.Memory memory = function == null ? null : memory(job, tiles.tile(), primitives);
        return memory == null || function == null ? null : new DirectKernel(tiles, function, memory, primitives);
    }

    /** Whether there is one for the job. */
    static boolean isFor(LossJob job, Primitives primitives) {
        return DirectFunction.of(job.spec()) != null && memory(job, new ElementTile(job, false), primitives) != null;
    }

    private static DirectLosses.@Nullable Memory memory(LossJob job, ElementTile tile, Primitives primitives) {
        Outputs outputs = job.outputs();
        if (!primitives.reachesMemory()
                || tile.weighted
                || tile.smoothed
                || job.weights().positive() != null
                || outputs.terms() != null
                || outputs.classes() != null) {
            return null;
        }
        FloatMemory x = FloatMemory.of(tile.predictions);
        FloatMemory y = FloatMemory.of(tile.labels);
        FloatMemory gradient = tile.gradient == null ? null : FloatMemory.of(tile.gradient);
        if (x == null || y == null || tile.gradient != null && gradient == null) {
            return null;
        }
        // What is overwritten could not be computed again.
        if (gradient != null && (gradient.isSame(x) || gradient.isSame(y))) {
            return null;
        }
        return new DirectLosses.Memory(x, y, gradient, (float) job.scale(), outputs.value());
    }

    @Override
    public int chunkRows() {
        return tiles.chunkRows();
    }

    @Override
    public Worker worker() {
        return new DirectWorker();
    }

    private final class DirectWorker implements Worker {
        private final DirectLosses losses =
                primitives.directLosses(Scratch.ofThisThread().floats(DirectLosses.MOST));
        /** Made when first needed. */
        private @Nullable Worker tileWorker;

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals totals) {
            double sum = 0;
            long end = firstRow + rows;
            for (long first = firstRow; first < end; first += DirectLosses.MOST) {
                int n = (int) Math.min(DirectLosses.MOST, end - first);
                int whole = n - n % primitives.lanes();
                double part = whole == 0 ? 0 : function.apply(losses, memory, first, whole);
                if (Math.abs(part) <= Double.MAX_VALUE) {
                    sum += part;
                } else {
                    sum += byTiles(first, whole);
                }
                if (whole < n) {
                    sum += byTiles(first + whole, n - whole);
                }
            }
            return sum;
        }

        private double byTiles(long first, int n) {
            if (tileWorker == null) {
                tileWorker = tiles.worker();
            }
            return Objects.requireNonNull(tileWorker).process(first, n, null);
        }
    }
}
