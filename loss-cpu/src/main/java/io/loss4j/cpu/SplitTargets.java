package io.loss4j.cpu;

import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.tensor.Rows;
import java.util.Arrays;

/**
 * The labels of {@link SplitRows}: the class of every row, as {@link Targets} finds it, but dense labels are searched by
 * all threads.
 */
final class SplitTargets {
    private static final int NONE = -1;

    private final LossJob job;
    private final Primitives primitives;
    private final Labels labels;
    private final int rows;

    /** By row: the only class with a weight, or {@link Targets#NOTHING}. */
    final int[] hot;
    /** By row: the weight of that class. */
    final double[] weight;
    /** By row: the mask. */
    final double[] rowWeight;
    /** By row: the label of that class, 1 for a class index. */
    final double[] given;

    private final ColumnBlocks grid;
    private volatile boolean several;

    SplitTargets(LossJob job, Primitives primitives) {
        this.job = job;
        this.primitives = primitives;
        labels = job.labels();
        rows = (int) job.predictions().rows();
        grid = new ColumnBlocks(labels.rows());
        hot = new int[rows];
        weight = new double[rows];
        rowWeight = new double[rows];
        given = new double[rows];
    }

    /** Whether labels may be on one class each. */
    static boolean supports(LossJob job) {
        return job.labels().smoothing() == 0 && !job.weights().hasElementMask();
    }

    /** Returns false if a row has weights on several classes, or a second term without any. */
    boolean find() {
        if (labels.index()) {
            Targets targets = Targets.forKernel(job, rows, primitives);
            targets.load(0, rows);
            System.arraycopy(targets.hot, 0, hot, 0, rows);
            System.arraycopy(targets.weight, 0, weight, 0, rows);
            System.arraycopy(targets.rowWeight, 0, rowWeight, 0, rows);
            Arrays.fill(given, 1);
            return true;
        }
        Rows mask = job.weights().mask();
        Arrays.fill(rowWeight, 1);
        if (mask != null) {
            mask.load(0, rows, 0, 1, rowWeight, 0);
        }
        Arrays.fill(hot, NONE);
        grid.run(Search::new);
        return !several && weigh();
    }

    private boolean weigh() {
        double[] classWeights = job.weights().columns();
        boolean vanishes = job.zLoss() == 0;
        for (int r = 0; r < rows; r++) {
            int k = hot[r];
            if (rowWeight[r] == 0 || k == NONE && vanishes) {
                hot[r] = Targets.NOTHING;
            } else if (k == NONE) {
                return false;
            } else {
                weight[r] = given[r] * ((classWeights == null ? 1 : classWeights[k]) * rowWeight[r]);
                hot[r] = weight[r] == 0 && vanishes ? Targets.NOTHING : k;
            }
        }
        return true;
    }

    private synchronized void found(int r, int k, float label) {
        several |= hot[r] != NONE;
        hot[r] = k;
        given[r] = label;
    }

    /** Looks for what is not 0. */
    private final class Search implements ColumnBlocks.Work {
        private final BlockTiles tiles = new BlockTiles(labels.rows(), grid.together, primitives);
        private final float[] t = new float[grid.together * ColumnBlocks.BLOCK];

        @Override
        public void block(int firstRow, int from, int n) {
            if (several) {
                return;
            }
            tiles.load(firstRow, from, n, t);
            for (int i = 0; i < grid.together; i++) {
                int r = firstRow + i;
                int only = rowWeight[r] == 0 ? -2 : primitives.onlyNonZero(t, i * n, n);
                if (only >= 0) {
                    found(r, from + only, t[i * n + only]);
                } else if (only == -1) {
                    several = true;
                }
            }
        }
    }
}
