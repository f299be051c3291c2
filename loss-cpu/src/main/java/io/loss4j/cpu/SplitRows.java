package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.loss.LogitTransform;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The softmax family over a few rows of very many columns, which all threads share. Labels are on one class each; every
 * other job is left to {@link SoftmaxKernel}.
 *
 * <p>The method is that of {@link SoftmaxKernel}, and so are the bits. A first pass takes the exponentials, their sums are
 * added up block by block in the order of the columns, and a second pass makes gradients of them.
 */
final class SplitRows {
    private static final int BLOCK = ColumnBlocks.BLOCK;

    /** Fewer columns are too few to share. */
    private static final int LEAST_COLUMNS = 1 << 15;

    /** Up to so many rows that lie between each other are faster here on a single thread already; 12 are not. */
    private static final int MIXED = 8;

    /** How often a thread looks for the end of the first pass before it sleeps: longer than a chunk takes. */
    private static final int SPINS = 1 << 10;

    private final LossJob job;
    private final Primitives primitives;
    private final Outputs outputs;
    private final int rows;
    private final int lanes;
    private final ColumnBlocks grid;
    private final float logitScale;
    private final float @Nullable [] bias;
    private final double @Nullable [] margin;
    private final SplitTargets targets;
    private final RowCoefficients coefficients;

    /** By row, block after block: the partial sums of exponentials. */
    private final float[] partials;

    private final int blocks;
    /** By row: whether a logit was found that is too large for exponentials without a shift. */
    private final boolean[] tooLarge;
    /** By row: the largest logit. */
    private final float[] max;
    /** By row: whether that was taken off all logits. */
    private final boolean[] lowered;
    /**
     * Whether the first pass leaves exponentials for the second, in place of a gradient in single precision: that is faster
     * than to take them twice.
     */
    private final boolean keeps;

    SplitRows(LossJob job, Primitives primitives) {
        this.job = job;
        this.primitives = primitives;
        outputs = job.outputs();
        Rows predictions = job.predictions();
        rows = (int) predictions.rows();
        lanes = primitives.lanes();
        grid = new ColumnBlocks(predictions);
        LogitTransform transform = job.logits();
        logitScale = (float) transform.scale();
        bias = SoftmaxKernel.singles(transform.bias());
        margin = transform.margin();
        targets = new SplitTargets(job, primitives);
        coefficients = new RowCoefficients(job, primitives, rows, targets.hot, targets.weight, targets.rowWeight);
        blocks = (int) ((predictions.columns() + BLOCK - 1L) / BLOCK);
        partials = new float[rows * blocks * lanes];
        tooLarge = new boolean[rows];
        max = new float[rows];
        lowered = new boolean[rows];
        Rows gradient = outputs.gradient();
        keeps = gradient != null
                && gradient.type() == DataType.FLOAT
                && gradient.columnStride() == 1
                && grid.together == 1;
    }

    /** Whether this is the faster way on so many threads: where they would not have two rows each, and for mixed rows. */
    static boolean pays(LossJob job, int threads) {
        long rows = job.predictions().rows();
        return rows > 0
                && (rows < 2L * threads || rows <= MIXED && job.predictions().isColumnMajor())
                && job.predictions().columns() >= LEAST_COLUMNS
                && SoftmaxKernel.supports(job)
                && SplitTargets.supports(job)
                && job.outputs().classes() == null;
    }

    /**
     * Writes gradients and terms, and returns the unscaled sum of all terms. Empty if it turns out that this is no job for
     * splitting: labels on several classes, infinite logits, NaN. Then nothing holds that was written.
     */
    OptionalDouble compute() {
        if (!targets.find() || !addUp()) {
            return OptionalDouble.empty();
        }
        double[] terms = coefficients.terms;
        if (outputs.terms() != null) {
            outputs.terms().store(terms, 0, 0, rows, 0, 1);
        }
        double sum = 0;
        for (double term : terms) {
            sum += term;
        }
        return OptionalDouble.of(sum);
    }

    /**
     * Does both passes; again without the largest logits of rows that need it.
     *
     * @return whether all rows could be done; others have infinite logits or NaN
     */
    private boolean addUp() {
        if (new Passes().run()) {
            return true;
        }
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
        grid.run(Maxima::new);
        for (int r = 0; r < rows; r++) {
            if (targets.hot[r] >= 0) {
                if (!(Math.abs(max[r]) <= Float.MAX_VALUE)) {
                    return false;
                }
                lowered[r] = !coefficients.isValid(r, max[r], coefficients.totals[r]);
                coefficients.shift[r] = lowered[r] ? max[r] : 0;
            }
        }
        Arrays.fill(tooLarge, false);
        return new Passes().run();
    }

    /**
     * Both passes as one piece of work, so that threads are woken once. Chunks are handed out in order: whoever gets one of
     * the second pass waits for chunks of the first that others are at.
     */
    private final class Passes {
        private final AtomicInteger unfinished = new AtomicInteger(grid.chunks);
        private final CountDownLatch firstPass = new CountDownLatch(1);
        private volatile boolean valid;

        /** Returns false if nothing holds that was written. */
        boolean run() {
            grid.run(outputs.gradient() == null ? 1 : 2, this::worker);
            return valid;
        }

        private RowKernel.Worker worker() {
            Sums sums = new Sums();
            Gradients gradients = sums.gradient == null ? null : new Gradients(sums, sums.gradient);
            return (chunk, count, totals) -> {
                if (chunk < grid.chunks) {
                    first((int) chunk, sums);
                } else if (gradients != null && awaitFirstPass()) {
                    grid.process((int) chunk - grid.chunks, gradients);
                }
                return 0;
            };
        }

        private void first(int chunk, Sums sums) {
            boolean done = false;
            try {
                grid.process(chunk, sums);
                if (unfinished.decrementAndGet() == 0) {
                    valid = finish();
                    firstPass.countDown();
                }
                done = true;
            } finally {
                if (!done) {
                    firstPass.countDown(); // nobody may wait for a chunk that has failed
                }
            }
        }

        private boolean finish() {
            double[] sums = new double[rows];
            SoftmaxKernel.addRows(partials, blocks * lanes, rows, sums);
            boolean fine = take(sums);
            for (boolean large : tooLarge) {
                fine &= !large;
            }
            if (fine) {
                coefficients.finish(rows);
            }
            return fine;
        }

        /** Takes the sums of the exponentials of all classes but the targets; false if some rows are not valid. */
        private boolean take(double[] sums) {
            boolean bounded = coefficients.takeTargetExponentials();
            for (int r = 0; r < rows; r++) {
                coefficients.others[r] = (float) sums[r];
                if (targets.hot[r] < 0) {
                    coefficients.leaveOut(r);
                }
            }
            return coefficients.areValid(rows) && bounded;
        }

        private boolean awaitFirstPass() {
            for (int i = 0; i < SPINS && firstPass.getCount() > 0; i++) {
                Thread.onSpinWait();
            }
            Crew.awaitUninterruptibly(firstPass);
            return valid;
        }
    }

    private synchronized void raise(int r, float largest) {
        max[r] = Math.max(max[r], largest);
    }

    /** Works on blocks of columns. */
    private abstract class Blocks implements ColumnBlocks.Work {
        final int together = grid.together;
        private final BlockTiles logits;
        /** Logits of a block, row after row. */
        final float[] x;
        /** Their exponentials: in place where no row goes over the beginning of the next. */
        final float[] e;
        /** By row of a block: the partial sums of exponentials. */
        final float[] partial = new float[together * lanes];

        Blocks() {
            logits = new BlockTiles(job.predictions(), together, primitives);
            x = new float[together * BLOCK + lanes];
            e = together == 1 ? x : new float[together * BLOCK];
        }

        Blocks(Blocks shared) {
            logits = shared.logits;
            x = shared.x;
            e = shared.e;
        }

        /** Reads logits and changes them. */
        final void load(int firstRow, int from, int n) {
            logits.load(firstRow, from, n, x);
            for (int i = 0; i < together; i++) {
                if (targets.hot[firstRow + i] < 0) {
                    Arrays.fill(x, i * n, i * n + n, Primitives.GONE);
                } else {
                    change(firstRow + i, from, i * n, n);
                }
            }
        }

        private void change(int r, int from, int at, int n) {
            for (int k = 0; bias != null && k < n; k++) {
                x[at + k] += bias[from + k];
            }
            for (int i = at; logitScale != 1 && i < at + n; i++) {
                x[i] *= logitScale;
            }
            int target = positionOfTarget(r, from, n);
            if (margin != null && target >= 0) {
                x[at + target] -= (float) (logitScale * margin[targets.hot[r]] * targets.given[r]);
            }
            float s = coefficients.shift[r];
            for (int i = at; lowered[r] && i < at + n; i++) {
                x[i] = Math.max(x[i] - s, SoftmaxKernel.FAR_BELOW);
            }
        }

        /** Where the target of a row is among these columns, or -1. */
        final int positionOfTarget(int r, int from, int n) {
            int hot = targets.hot[r];
            return hot >= from && hot < from + n ? hot - from : -1;
        }

        /** Replaces logits by exponentials, and adds them up. */
        final boolean exponentials(int n) {
            return primitives.boundedExponentials(x, n, 0, n, together, e, pitch(n), partial);
        }

        /** From a row of exponentials to the next. */
        final int pitch(int n) {
            return (n + lanes - 1) / lanes * lanes;
        }
    }

    /** Adds up the exponentials of all classes but the targets. */
    private final class Sums extends Blocks {
        final @Nullable BlockTiles gradient;

        Sums() {
            Rows to = outputs.gradient();
            gradient = to == null ? null : new BlockTiles(to, together, primitives);
        }

        @Override
        public void block(int firstRow, int from, int n) {
            if (together == 1 && tooLarge[firstRow]) {
                return; // this row will have to be done again
            }
            load(firstRow, from, n);
            for (int i = 0; i < together; i++) {
                int target = positionOfTarget(firstRow + i, from, n);
                if (target >= 0) {
                    coefficients.targetLogit[firstRow + i] = x[i * n + target];
                    x[i * n + target] = Primitives.GONE;
                }
            }
            if (!exponentials(n)) {
                Arrays.fill(tooLarge, firstRow, firstRow + together, true);
            }
            if (keeps && gradient != null) {
                gradient.store(e, firstRow, from, n);
            }
            for (int i = 0; i < together; i++) {
                int to = ((firstRow + i) * blocks + from / BLOCK) * lanes;
                System.arraycopy(partial, i * lanes, partials, to, lanes);
            }
        }
    }

    /** Finds the largest logits; NaN may be lost. */
    private final class Maxima extends Blocks {
        @Override
        public void block(int firstRow, int from, int n) {
            load(firstRow, from, n);
            int whole = n / lanes * lanes;
            for (int i = 0; i < together; i++) {
                float largest = primitives.max(x, i * n, whole);
                for (int k = whole; k < n; k++) {
                    largest = Math.max(largest, x[i * n + k]);
                }
                raise(firstRow + i, largest);
            }
        }
    }

    /** Writes the gradient. */
    private final class Gradients extends Blocks {
        private final BlockTiles gradient;
        private final float[] factors = new float[together];

        Gradients(Blocks shared, BlockTiles gradient) {
            super(shared);
            this.gradient = gradient;
        }

        @Override
        public void block(int firstRow, int from, int n) {
            if (keeps) {
                gradient.load(firstRow, from, n, e);
            } else {
                load(firstRow, from, n);
                exponentials(n);
            }
            System.arraycopy(coefficients.factors, firstRow, factors, 0, together);
            primitives.scaleRows(e, pitch(n), n, together, factors, x);
            for (int i = 0; i < together; i++) {
                int target = positionOfTarget(firstRow + i, from, n);
                if (targets.hot[firstRow + i] < 0) {
                    Arrays.fill(x, i * n, i * n + n, 0);
                } else if (target >= 0) {
                    x[i * n + target] = coefficients.targetGradients[firstRow + i];
                }
            }
            gradient.store(x, firstRow, from, n);
        }
    }
}
