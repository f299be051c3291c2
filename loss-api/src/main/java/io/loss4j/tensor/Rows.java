package io.loss4j.tensor;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Any INDArray as rows x columns, without a copy. Columns are axis 1 (classes, as Deeplearning4j lays them out), rows are
 * all other axes in 'c' order. Order, views, offsets, strides and data type end here: whoever reads through this class
 * sees float, double or long tiles.
 *
 * <p>Reading and writing goes by host memory; {@link #onHost} must be called first where arrays may live on a device.
 */
public final class Rows {
    private final INDArray array;
    private final DataType type;
    private final long rows;
    private final int columns;
    private final long columnStride;
    /** Row axes from outer to inner, merged where memory allows, without axes of size 1. Never empty. */
    private final long[] sizes;

    private final long[] strides;
    private final long address;

    private Rows(INDArray array, int columns, long columnStride, long[] sizes, long[] strides) {
        this.array = array;
        this.type = array.dataType();
        this.columns = columns;
        this.columnStride = columnStride;
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        this.rows = count;
        int[] kept = merge(sizes, strides);
        this.sizes = new long[kept.length];
        this.strides = new long[kept.length];
        for (int i = 0; i < kept.length; i++) {
            this.sizes[i] = sizes[kept[i]];
            this.strides[i] = strides[kept[i]];
        }
        this.address = rows == 0 || columns == 0 ? 0 : array.data().address() + array.offset() * width(type);
    }

    /** Rows x columns of an array of rank 1 (one column) or more, with the columns on axis 1. */
    public static Rows of(INDArray array) {
        int rank = array.rank();
        if (rank < 2) {
            return each(array);
        }
        long columns = array.size(1);
        if (columns > Integer.MAX_VALUE) {
            throw new LossInputException(
                    "L4J-S05", "array", "axis 1 has " + columns + " columns, expected fewer than 2^31", "split it");
        }
        long[] sizes = new long[rank - 1];
        long[] strides = new long[rank - 1];
        for (int axis = 0, i = 0; axis < rank; axis++) {
            if (axis != 1) {
                sizes[i] = array.size(axis);
                strides[i++] = array.stride(axis);
            }
        }
        return new Rows(array, (int) columns, columns == 1 ? 1 : array.stride(1), sizes, strides);
    }

    /** Every element as a row of one column: class indices, row masks, one value per row. */
    public static Rows each(INDArray array) {
        int rank = array.rank();
        if (rank == 0) {
            return new Rows(array, 1, 1, new long[] {1}, new long[] {1});
        }
        long[] sizes = new long[rank];
        long[] strides = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            sizes[axis] = array.size(axis);
            strides[axis] = array.stride(axis);
        }
        return new Rows(array, 1, 1, sizes, strides);
    }

    /**
     * A mask over predictions: of their shape, an element mask; without axis 1 or with size 1 there, a row mask; [N] or
     * [N, 1] for predictions with further axes, one weight per example.
     *
     * @throws LossInputException if it has none of these shapes
     */
    public static Rows mask(String who, INDArray mask, long[] predictions) {
        long[] shape = mask.shape();
        if (Arrays.equals(shape, predictions)) {
            return of(mask);
        }
        if (isColumnFor(shape, predictions)) {
            return each(mask);
        }
        boolean perExample = shape.length == 1 || shape.length == 2 && shape[1] == 1;
        if (perExample && predictions.length > 2 && shape[0] == predictions[0]) {
            long[] sizes = new long[predictions.length - 1];
            long[] strides = new long[sizes.length];
            for (int axis = 0, i = 0; axis < predictions.length; axis++) {
                if (axis != 1) {
                    sizes[i++] = predictions[axis];
                }
            }
            strides[0] = mask.stride(0);
            return new Rows(mask, 1, 1, sizes, strides);
        }
        throw new LossInputException(
                "L4J-S03",
                who,
                "mask does not fit predictions (shapes: mask " + Arrays.toString(shape) + ", predictions "
                        + Arrays.toString(predictions) + ")",
                "use one weight per row, [N] or [N, 1], or one per element");
    }

    /** Whether a shape holds one element per row of the predictions: axis 1 is missing or of size 1. */
    public static boolean isColumnFor(long[] shape, long[] predictions) {
        boolean without = shape.length == Math.max(1, predictions.length - 1);
        boolean withOne = shape.length == predictions.length && shape.length > 1 && shape[1] == 1;
        if (!without && !withOne) {
            return false;
        }
        for (int axis = 0, i = 0; axis < predictions.length; axis++) {
            if (axis == 1) {
                i += withOne ? 1 : 0;
            } else if (shape[i++] != predictions[axis]) {
                return false;
            }
        }
        return true;
    }

    /**
     * If all views have the same shape and lie in memory without gaps in the same order, every element as a row, in the
     * order of memory; else null. Lets elementwise losses ignore rows and columns.
     */
    public static Rows @Nullable [] flat(Rows... views) {
        Rows first = views[0];
        for (Rows view : views) {
            if (!view.isDense() || !view.sameLayout(first)) {
                return null;
            }
        }
        Rows[] flat = new Rows[views.length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = new Rows(views[i].array, 1, 1, new long[] {first.elements()}, new long[] {1});
        }
        return flat;
    }

    private boolean sameLayout(Rows that) {
        return rows == that.rows
                && columns == that.columns
                && (columns == 1 || columnStride == that.columnStride)
                && Arrays.equals(sizes, that.sizes)
                && Arrays.equals(strides, that.strides);
    }

    private boolean isDense() {
        int axes = sizes.length + 1;
        long[] allSizes = Arrays.copyOf(sizes, axes);
        long[] allStrides = Arrays.copyOf(strides, axes);
        allSizes[axes - 1] = columns;
        allStrides[axes - 1] = columnStride;
        long expected = 1;
        for (int found = 0; found < axes; found++) {
            int next = -1;
            for (int i = 0; i < axes; i++) {
                if (allSizes[i] == 1 || allStrides[i] == expected && allSizes[i] > 0) {
                    next = i;
                    break;
                }
            }
            if (next < 0) {
                return false;
            }
            expected *= allSizes[next];
            allSizes[next] = 0;
        }
        return true;
    }

    /** The array underneath. */
    public INDArray array() {
        return array;
    }

    /** The data type of the array. */
    public DataType type() {
        return type;
    }

    /** How many rows. */
    public long rows() {
        return rows;
    }

    /** How many columns. */
    public int columns() {
        return columns;
    }

    /** Rows times columns. */
    public long elements() {
        return rows * columns;
    }

    /** Distance of two columns of a row, in elements. */
    public long columnStride() {
        return columnStride;
    }

    /** Distance of two neighbouring rows, in elements; with more than one row axis, within the innermost. */
    public long rowStride() {
        return strides[strides.length - 1];
    }

    /**
     * Whether all rows lie at equal distance, in their order; else {@link #rowStride} does not tell where they are, as in
     * arrays of permuted axes.
     */
    public boolean areEvenlySpaced() {
        return sizes.length == 1;
    }

    /** Whether neighbouring rows lie side by side in memory while columns do not ('f' order, channels first). */
    public boolean isColumnMajor() {
        return columns > 1 && columnStride != 1 && rowStride() == 1;
    }

    /**
     * Where the first element lies in host memory, for code that reads vectors from there: if this is a single column whose
     * elements lie one behind the other, as {@link #flat} makes them; else empty. Valid as long as the array is.
     */
    public OptionalLong address() {
        return columns == 1 && rows > 0 && sizes.length == 1 && (rows == 1 || strides[0] == 1)
                ? OptionalLong.of(address)
                : OptionalLong.empty();
    }

    /** Makes sure that the current contents are in host memory. Free on a CPU-only ND4J. */
    public void onHost() {
        Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    }

    /** Says that host memory now holds the newest contents. Free on a CPU-only ND4J. */
    public void writtenOnHost() {
        Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
    }

    /** Reads {@code rowCount} rows from {@code firstRow}, columns from {@code firstColumn}, row after row. */
    public void load(long firstRow, int rowCount, int firstColumn, int columnCount, float[] to, int at) {
        if (isOnePiece(rowCount, columnCount)) {
            long start = start(firstRow, firstColumn);
            TileCodec.load(type, address, start, step(columnCount), rowCount * columnCount, to, at, 1);
            return;
        }
        forEachPiece(
                firstRow,
                rowCount,
                firstColumn,
                columnCount,
                (start, stride, count, index, step) ->
                        TileCodec.load(type, address, start, stride, count, to, at + index, step));
    }

    /** The same into doubles. */
    public void load(long firstRow, int rowCount, int firstColumn, int columnCount, double[] to, int at) {
        if (isOnePiece(rowCount, columnCount)) {
            long start = start(firstRow, firstColumn);
            TileCodec.load(type, address, start, step(columnCount), rowCount * columnCount, to, at, 1);
            return;
        }
        forEachPiece(
                firstRow,
                rowCount,
                firstColumn,
                columnCount,
                (start, stride, count, index, step) ->
                        TileCodec.load(type, address, start, stride, count, to, at + index, step));
    }

    /** Writes rows, row after row. */
    public void store(float[] from, int at, long firstRow, int rowCount, int firstColumn, int columnCount) {
        if (isOnePiece(rowCount, columnCount)) {
            long start = start(firstRow, firstColumn);
            TileCodec.store(type, address, start, step(columnCount), rowCount * columnCount, from, at, 1);
            return;
        }
        forEachPiece(
                firstRow,
                rowCount,
                firstColumn,
                columnCount,
                (start, stride, count, index, step) ->
                        TileCodec.store(type, address, start, stride, count, from, at + index, step));
    }

    /** The same from doubles. */
    public void store(double[] from, int at, long firstRow, int rowCount, int firstColumn, int columnCount) {
        if (isOnePiece(rowCount, columnCount)) {
            long start = start(firstRow, firstColumn);
            TileCodec.store(type, address, start, step(columnCount), rowCount * columnCount, from, at, 1);
            return;
        }
        forEachPiece(
                firstRow,
                rowCount,
                firstColumn,
                columnCount,
                (start, stride, count, index, step) ->
                        TileCodec.store(type, address, start, stride, count, from, at + index, step));
    }

    /** Reads the bits of HALF or BFLOAT16, for callers that convert them by themselves; see {@link Half}. */
    public void load(long firstRow, int rowCount, int firstColumn, int columnCount, short[] to, int at) {
        if (isOnePiece(rowCount, columnCount)) {
            long start = start(firstRow, firstColumn);
            TileCodec.load(address, start, step(columnCount), rowCount * columnCount, to, at, 1);
            return;
        }
        forEachPiece(
                firstRow,
                rowCount,
                firstColumn,
                columnCount,
                (start, stride, count, index, step) ->
                        TileCodec.load(address, start, stride, count, to, at + index, step));
    }

    /** Writes the bits of HALF or BFLOAT16. */
    public void store(short[] from, int at, long firstRow, int rowCount, int firstColumn, int columnCount) {
        if (isOnePiece(rowCount, columnCount)) {
            long start = start(firstRow, firstColumn);
            TileCodec.store(address, start, step(columnCount), rowCount * columnCount, from, at, 1);
            return;
        }
        forEachPiece(
                firstRow,
                rowCount,
                firstColumn,
                columnCount,
                (start, stride, count, index, step) ->
                        TileCodec.store(address, start, stride, count, from, at + index, step));
    }

    /** Reads rows into a transposed tile: column k of row r goes to {@code to[k * pitch + r]}. */
    public void loadTransposed(long firstRow, int rowCount, float[] to, int pitch) {
        forEachTransposedPiece(
                firstRow,
                rowCount,
                pitch,
                (start, stride, count, index, step) ->
                        TileCodec.load(type, address, start, stride, count, to, index, step));
    }

    /** Writes a transposed tile, see {@link #loadTransposed}. */
    public void storeTransposed(float[] from, int pitch, long firstRow, int rowCount) {
        forEachTransposedPiece(
                firstRow,
                rowCount,
                pitch,
                (start, stride, count, index, step) ->
                        TileCodec.store(type, address, start, stride, count, from, index, step));
    }

    /** Reads bits of HALF or BFLOAT16 into a transposed tile. */
    public void loadTransposed(long firstRow, int rowCount, short[] to, int pitch) {
        forEachTransposedPiece(
                firstRow,
                rowCount,
                pitch,
                (start, stride, count, index, step) -> TileCodec.load(address, start, stride, count, to, index, step));
    }

    /** Writes bits of HALF or BFLOAT16 from a transposed tile. */
    public void storeTransposed(short[] from, int pitch, long firstRow, int rowCount) {
        forEachTransposedPiece(
                firstRow,
                rowCount,
                pitch,
                (start, stride, count, index, step) ->
                        TileCodec.store(address, start, stride, count, from, index, step));
    }

    /**
     * Reads one whole number per row, from column 0, for class indices in any numeric type.
     *
     * @throws LossInputException if a number is not whole, naming the row
     */
    public void loadIndices(String who, long firstRow, int rowCount, long[] to) {
        if (sizes.length == 1) {
            // Nearly always, and often for a row at a time.
            loadRunOfIndices(who, firstRow, firstRow * strides[0], 0, rowCount, to);
        } else {
            forEachRun(
                    firstRow,
                    rowCount,
                    0,
                    1,
                    (start, done, count) -> loadRunOfIndices(who, firstRow, start, done, count, to));
        }
    }

    /**
     * Reads class indices of type INT in one go.
     *
     * @return false, with nothing read, if they are of another type or do not lie side by side; see {@link #loadIndices}
     */
    public boolean loadInts(long firstRow, int rowCount, int[] to) {
        boolean together = type == DataType.INT32 && sizes.length == 1 && (rows == 1 || strides[0] == 1);
        if (together) {
            OffHeap.load(address + firstRow * Integer.BYTES, to, 0, rowCount);
        }
        return together;
    }

    private void loadRunOfIndices(String who, long firstRow, long start, int done, int count, long[] to) {
        int bad = TileCodec.loadIndices(type, address, start, rowStride(), count, to, done);
        if (bad >= 0) {
            double[] value = new double[1];
            load(firstRow + done + bad, 1, 0, 1, value, 0);
            throw new LossInputException(
                    "L4J-L02",
                    who,
                    "the label of row " + (firstRow + done + bad) + " is " + value[0]
                            + ", expected a whole number, the index of a class",
                    "use class indices, or labels with one column per class");
        }
    }

    private interface Run {
        /**
         * @param start offset of the first element in the array
         * @param done rows before this run
         * @param count rows in this run, at equal distance
         */
        void accept(long start, int done, int count);
    }

    /** A run of elements at equal distance in memory and in a tile. */
    private interface Piece {
        void accept(long start, long stride, int count, int index, int step);
    }

    /**
     * Whether a row-major tile is a single piece of memory, as most are: those go without {@link #forEachPiece} and its
     * objects.
     */
    private boolean isOnePiece(int rowCount, int columnCount) {
        return sizes.length == 1
                && (columnCount == 1 || columnStride == 1 && (strides[0] == columnCount || rowCount == 1));
    }

    /** Where a single piece begins. */
    private long start(long row, int column) {
        return row * strides[0] + column * columnStride;
    }

    /** The distance of the elements of a single piece. */
    private long step(int columnCount) {
        return columnCount == 1 ? strides[0] : 1;
    }

    /** Cuts a row-major tile into the longest pieces that memory allows. */
    private void forEachPiece(long firstRow, int rowCount, int firstColumn, int columnCount, Piece piece) {
        long rowStride = rowStride();
        forEachRun(firstRow, rowCount, firstColumn, columnCount, (start, done, count) -> {
            int index = done * columnCount;
            if (columnCount == 1) {
                piece.accept(start, rowStride, count, index, 1);
            } else if (columnStride == 1 && rowStride == columnCount) {
                piece.accept(start, 1, count * columnCount, index, 1);
            } else if (columnStride == 1 || rowStride != 1 || count == 1) {
                for (int r = 0; r < count; r++) {
                    piece.accept(start + r * rowStride, columnStride, columnCount, index + r * columnCount, 1);
                }
            } else {
                for (int k = 0; k < columnCount; k++) {
                    piece.accept(start + k * columnStride, 1, count, index + k, columnCount);
                }
            }
        });
    }

    /** Cuts a column-major tile likewise. */
    private void forEachTransposedPiece(long firstRow, int rowCount, int pitch, Piece piece) {
        long rowStride = rowStride();
        forEachRun(firstRow, rowCount, 0, columns, (start, done, count) -> {
            if (rowStride == 1) {
                for (int k = 0; k < columns; k++) {
                    piece.accept(start + k * columnStride, 1, count, k * pitch + done, 1);
                }
            } else {
                for (int r = 0; r < count; r++) {
                    piece.accept(start + r * rowStride, columnStride, columns, done + r, pitch);
                }
            }
        });
    }

    private void forEachRun(long firstRow, int rowCount, int firstColumn, int columnCount, Run run) {
        if (columnCount == 0) {
            return;
        }
        int inner = sizes.length - 1;
        long columnOffset = firstColumn * columnStride;
        for (int done = 0; done < rowCount; ) {
            long rest = firstRow + done;
            long within = inner == 0 ? rest : rest % sizes[inner];
            int count = (int) Math.min(rowCount - done, sizes[inner] - within);
            long start = columnOffset;
            for (int axis = inner; axis > 0; axis--) {
                start += rest % sizes[axis] * strides[axis];
                rest /= sizes[axis];
            }
            run.accept(start + rest * strides[0], done, count);
            done += count;
        }
    }

    /** Merges neighbouring axes that step through memory evenly; returns the axes to keep and updates both arrays. */
    private static int[] merge(long[] sizes, long[] strides) {
        int[] kept = new int[sizes.length];
        int n = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            if (n > 0 && strides[kept[n - 1]] == sizes[axis] * strides[axis]) {
                sizes[axis] *= sizes[kept[n - 1]];
                n--;
            }
            kept[n++] = axis;
        }
        if (n == 0) {
            sizes[0] = 1;
            strides[0] = 1;
            kept[n++] = 0;
        }
        return Arrays.copyOf(kept, n);
    }

    private static int width(DataType type) {
        return type.width();
    }

    @Override
    public String toString() {
        return type + " " + Arrays.toString(array.shape());
    }
}
