package io.loss4j.cuda;

import com.sun.jna.Pointer;
import io.loss4j.tensor.Rows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How rows of an array in host memory travel to the device and back: row after row without gaps. Where they lie like that
 * already they are copied as bytes, else they go through the codec of {@link Rows}, which knows every layout and type.
 */
final class PackedRows {
    /** Elements that pass through the heap at once. */
    private static final int TILE = 1 << 15;

    /** Bytes that fit into one byte buffer, with room for alignment. */
    private static final long MOST_BYTES = 1L << 30;

    private final Rows rows;
    private final ElementType type;
    private final boolean indices;
    /** Address of the first element if bytes can be copied, else 0. */
    private final long bytesAt;

    private PackedRows(Rows rows, boolean indices, @Nullable ElementType required) {
        this.rows = rows;
        this.indices = indices;
        INDArray array = rows.array();
        ElementType own = ElementType.of(array.dataType());
        boolean whole = own == ElementType.INT32 || own == ElementType.INT64;
        boolean fits = required == null ? !indices || whole : own == required;
        if (own != null && fits && isDense(rows)) {
            type = own;
            bytesAt = array.data().address() + array.offset() * own.width();
        } else {
            type = required != null ? required : indices ? ElementType.INT64 : throughHeap(rows.type());
            bytesAt = 0;
        }
    }

    static PackedRows of(Rows rows) {
        return new PackedRows(rows, false, null);
    }

    /** Class indices; those of another type than INT and LONG are checked to be whole numbers on the way. */
    static PackedRows indices(Rows rows) {
        return new PackedRows(rows, true, null);
    }

    static @Nullable PackedRows orNull(@Nullable Rows rows) {
        return rows == null ? null : of(rows);
    }

    /** A gradient, which kernels write in the type that they read predictions in. */
    static @Nullable PackedRows gradient(@Nullable Rows rows, PackedRows predictions) {
        return rows == null ? null : new PackedRows(rows, false, predictions.type);
    }

    private static ElementType throughHeap(DataType type) {
        return type == DataType.FLOAT || type == DataType.FLOAT16 || type == DataType.BFLOAT16
                ? ElementType.FLOAT
                : ElementType.DOUBLE;
    }

    /** Whether memory holds the rows one after the other, each with its columns side by side, and nothing else. */
    private static boolean isDense(Rows rows) {
        INDArray array = rows.array();
        if (rows.elements() != array.length()) {
            return false; // one number of a mask serves several rows
        }
        long expected = 1;
        for (int axis = array.rank() - 1; axis >= 0; axis--) {
            if (array.size(axis) != 1) {
                if (array.stride(axis) != expected) {
                    return false;
                }
                expected *= array.size(axis);
            }
        }
        // with the columns on axis 1, further axes would lie inside of them
        return rows.columns() == 1 || array.rank() == 2 || expected == array.size(0) * array.size(1);
    }

    /** The type on the device. */
    ElementType type() {
        return type;
    }

    /** Bytes of a row on the device. */
    long rowBytes() {
        return (long) rows.columns() * type.width();
    }

    DeviceRows on(long address, long count) {
        return DeviceRows.dense(address, type, count, rows.columns());
    }

    /** Copies rows to pinned memory. */
    void pack(String who, long firstRow, int count, long to) {
        if (bytesAt != 0) {
            copy(bytesAt + firstRow * rowBytes(), to, count * rowBytes());
            return;
        }
        if (indices) {
            packIndices(who, firstRow, count, to);
            return;
        }
        int columns = rows.columns();
        float[] singles = new float[type == ElementType.FLOAT ? tileElements(count) : 0];
        double[] doubles = new double[type == ElementType.DOUBLE ? tileElements(count) : 0];
        forEachTile(firstRow, count, (row, n, column, width) -> {
            ByteBuffer at =
                    buffer(to + ((row - firstRow) * columns + column) * type.width(), (long) n * width * type.width());
            if (type == ElementType.FLOAT) {
                rows.load(row, n, column, width, singles, 0);
                at.asFloatBuffer().put(singles, 0, n * width);
            } else {
                rows.load(row, n, column, width, doubles, 0);
                at.asDoubleBuffer().put(doubles, 0, n * width);
            }
        });
    }

    private void packIndices(String who, long firstRow, int count, long to) {
        long[] tile = new long[Math.min(count, TILE)];
        for (int done = 0, n; done < count; done += n) {
            n = Math.min(count - done, TILE);
            rows.loadIndices(who, firstRow + done, n, tile);
            buffer(to + (long) done * Long.BYTES, (long) n * Long.BYTES)
                    .asLongBuffer()
                    .put(tile, 0, n);
        }
    }

    /** Copies rows from pinned memory to the array. */
    void unpack(long from, long firstRow, int count) {
        if (bytesAt != 0) {
            copy(from, bytesAt + firstRow * rowBytes(), count * rowBytes());
            return;
        }
        int columns = rows.columns();
        float[] singles = new float[type == ElementType.FLOAT ? tileElements(count) : 0];
        double[] doubles = new double[type == ElementType.DOUBLE ? tileElements(count) : 0];
        forEachTile(firstRow, count, (row, n, column, width) -> {
            ByteBuffer at = buffer(
                    from + ((row - firstRow) * columns + column) * type.width(), (long) n * width * type.width());
            if (type == ElementType.FLOAT) {
                at.asFloatBuffer().get(singles, 0, n * width);
                rows.store(singles, 0, row, n, column, width);
            } else {
                at.asDoubleBuffer().get(doubles, 0, n * width);
                rows.store(doubles, 0, row, n, column, width);
            }
        });
    }

    private interface Tile {
        void accept(long row, int rows, int column, int columns);
    }

    private int tileElements(int count) {
        return (int) Math.min(TILE, (long) count * rows.columns());
    }

    /** Whole rows where several fit a tile, else parts of one row. */
    private void forEachTile(long firstRow, int count, Tile tile) {
        int columns = rows.columns();
        int step = Math.max(1, TILE / columns);
        for (int done = 0; done < count; done += step) {
            int n = Math.min(step, count - done);
            for (int column = 0; column < columns; column += TILE) {
                tile.accept(firstRow + done, n, column, Math.min(TILE, columns - column));
                if (columns - column <= TILE) {
                    break; // column + TILE may be too large for an int
                }
            }
        }
    }

    private static ByteBuffer buffer(long address, long bytes) {
        return new Pointer(address).getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    private static void copy(long from, long to, long bytes) {
        for (long done = 0; done < bytes; done += MOST_BYTES) {
            long n = Math.min(MOST_BYTES, bytes - done);
            buffer(to + done, n).put(buffer(from + done, n));
        }
    }
}
