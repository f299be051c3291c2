package io.loss4j.cpu;

import io.loss4j.tensor.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Moves blocks of {@link ColumnBlocks} between memory and floats, row after row. A few rows that lie between each other
 * are moved as they lie and picked apart here: column by column took ten times as long. Belongs to one worker.
 */
final class BlockTiles {
    /** Columns that are picked apart at once: with 16 rows they fit L1. */
    private static final int STRIP = 128;

    private final Rows rows;
    private final int together;
    private final FloatTiles tiles;
    /** All elements in the order of memory if columns lie there one after the other; else null. */
    private final @Nullable Rows flat;
    /** A block as it lies in memory. */
    private final float[] mixed;

    /**
     * @param together as of {@link ColumnBlocks}
     */
    BlockTiles(Rows rows, int together, Primitives primitives) {
        this.rows = rows;
        this.together = together;
        tiles = new FloatTiles(primitives);
        boolean mixes =
                together > 1 && rows.areEvenlySpaced() && rows.isColumnMajor() && rows.columnStride() == together;
        Rows[] all = mixes ? Rows.flat(rows) : null;
        flat = all == null ? null : all[0];
        mixed = new float[flat == null ? 0 : together * ColumnBlocks.BLOCK];
    }

    /** Reads the columns from, ..., from + n - 1. */
    void load(int firstRow, int from, int n, float[] to) {
        if (flat == null) {
            tiles.load(rows, firstRow, together, from, n, to);
            return;
        }
        tiles.load(flat, (long) from * together, n * together, 0, 1, mixed);
        for (int first = 0; first < n; first += STRIP) {
            int last = Math.min(n, first + STRIP);
            for (int r = 0; r < together; r++) {
                for (int k = first, i = first * together + r; k < last; k++, i += together) {
                    to[r * n + k] = mixed[i];
                }
            }
        }
    }

    /** Writes them. */
    void store(float[] x, int firstRow, int from, int n) {
        if (flat == null) {
            tiles.store(x, rows, firstRow, together, from, n);
            return;
        }
        for (int first = 0; first < n; first += STRIP) {
            int last = Math.min(n, first + STRIP);
            for (int r = 0; r < together; r++) {
                for (int k = first, i = first * together + r; k < last; k++, i += together) {
                    mixed[i] = x[r * n + k];
                }
            }
        }
        tiles.store(mixed, flat, (long) from * together, n * together, 0, 1);
    }
}
