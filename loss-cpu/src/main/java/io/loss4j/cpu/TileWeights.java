package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The weights of a tile's elements in single precision: of classes, masks and ignored labels. Belongs to one worker. */
final class TileWeights {
    private final FloatTiles tiles;
    private final @Nullable Rows mask;
    private final double @Nullable [] classes;
    private final boolean ignores;
    private final float ignored;
    /** What the last tile's columns had of class weights; most tiles have the same columns. */
    private final float[] byColumn;

    private int filledFrom = -1;
    private int filledCount;
    private final float[] weights;
    /** A mask by row. */
    private final float[] rowMask;

    TileWeights(LossJob job, ElementTile tile, FloatTiles tiles) {
        this.tiles = tiles;
        mask = tile.mask;
        classes = job.weights().columns();
        ignores = job.labels().ignored().isPresent();
        ignored = job.labels().ignored().orElse(0);
        Scratch scratch = Scratch.ofThisThread();
        weights = scratch.floats(tile.capacity());
        byColumn = scratch.floats(classes == null ? 0 : tile.capacity());
        rowMask = scratch.floats(mask != null && mask.columns() == 1 ? tile.tileRows() : 0);
    }

    /**
     * The weights of a tile.
     *
     * @param y its labels as they were given
     */
    float[] of(long row, int n, int firstColumn, int count, float[] y) {
        int elements = n * count;
        if (mask == null) {
            Arrays.fill(weights, 0, elements, 1);
        } else if (mask.columns() < count) {
            tiles.load(mask, row, n, 0, 1, rowMask);
            for (int r = 0; r < n; r++) {
                Arrays.fill(weights, r * count, (r + 1) * count, rowMask[r]);
            }
        } else {
            tiles.load(mask, row, n, firstColumn, count, weights);
        }
        if (classes != null) {
            fill(classes, firstColumn, count);
            FocalTile.multiply(weights, byColumn, elements);
        }
        if (ignores) {
            for (int i = 0; i < elements; i++) {
                if (y[i] == ignored) {
                    weights[i] = 0;
                }
            }
        }
        return weights;
    }

    private void fill(double[] from, int firstColumn, int count) {
        if (filledFrom == firstColumn && filledCount == count) {
            return;
        }
        for (int i = 0; i < byColumn.length; i++) {
            byColumn[i] = (float) from[firstColumn + i % count];
        }
        filledFrom = firstColumn;
        filledCount = count;
    }
}
