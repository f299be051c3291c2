package io.loss4j.cpu;

import io.loss4j.tensor.Rows;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Moves tiles between rows in memory and floats. Half types are converted by the primitives, on vectors where there are
 * some; element by element it took four times as long as all the rest. Belongs to one worker.
 */
final class FloatTiles {
    private final Primitives primitives;
    /** Tiles of half types as they lie in memory; made when first needed. */
    private short[] bits = new short[0];

    FloatTiles(Primitives primitives) {
        this.primitives = primitives;
    }

    private static boolean isHalf(Rows rows) {
        return rows.type() == DataType.FLOAT16 || rows.type() == DataType.BFLOAT16;
    }

    private short[] bits(int n) {
        if (bits.length < n) {
            bits = Scratch.ofThisThread().shorts(n);
        }
        return bits;
    }

    /** See {@link Rows#load(long, int, int, int, float[], int)}. */
    void load(Rows rows, long firstRow, int n, int firstColumn, int count, float[] to) {
        if (!isHalf(rows)) {
            rows.load(firstRow, n, firstColumn, count, to, 0);
            return;
        }
        short[] read = bits(n * count);
        rows.load(firstRow, n, firstColumn, count, read, 0);
        widen(rows, read, to, n * count);
    }

    /** See {@link Rows#store(float[], int, long, int, int, int)}. */
    void store(float[] from, Rows rows, long firstRow, int n, int firstColumn, int count) {
        if (isHalf(rows)) {
            rows.store(narrow(rows, from, n * count), 0, firstRow, n, firstColumn, count);
        } else {
            rows.store(from, 0, firstRow, n, firstColumn, count);
        }
    }

    /** See {@link Rows#loadTransposed}. */
    void loadTransposed(Rows rows, long firstRow, int n, float[] to, int pitch) {
        if (!isHalf(rows)) {
            rows.loadTransposed(firstRow, n, to, pitch);
            return;
        }
        short[] read = bits(rows.columns() * pitch);
        rows.loadTransposed(firstRow, n, read, pitch);
        widen(rows, read, to, rows.columns() * pitch);
    }

    /** See {@link Rows#storeTransposed}. */
    void storeTransposed(float[] from, Rows rows, int pitch, long firstRow, int n) {
        if (isHalf(rows)) {
            rows.storeTransposed(narrow(rows, from, rows.columns() * pitch), pitch, firstRow, n);
        } else {
            rows.storeTransposed(from, pitch, firstRow, n);
        }
    }

    private void widen(Rows rows, short[] read, float[] to, int n) {
        if (rows.type() == DataType.FLOAT16) {
            primitives.fromHalf(read, to, n);
        } else {
            primitives.fromBfloat(read, to, n);
        }
    }

    private short[] narrow(Rows rows, float[] from, int n) {
        short[] narrowed = bits(n);
        if (rows.type() == DataType.FLOAT16) {
            primitives.toHalf(from, narrowed, n);
        } else {
            primitives.toBfloat(from, narrowed, n);
        }
        return narrowed;
    }
}
