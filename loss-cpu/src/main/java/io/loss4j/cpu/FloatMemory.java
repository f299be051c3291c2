package io.loss4j.cpu;

import io.loss4j.tensor.Rows;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Floats that lie one behind the other outside the heap, as vectors are loaded from there: up to JDK 21 through byte
 * buffers, which end at 2 GiB and so come in pieces, from 22 on by address. Keeps no array alive.
 *
 * <p>Public only because the SIMD form of the primitives lives in a package of its own.
 */
public final class FloatMemory {
    /** A piece has 2^28 elements. */
    private static final int PIECE_BITS = 28;

    private static final boolean BY_ADDRESS = Runtime.version().feature() >= 22;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final long address;
    private final long elements;
    private final int pieceBits;
    private final ByteBuffer[] pieces;

    /** With so many elements in a piece as a power of two; who reads across pieces has to ask {@link #holds}. */
    FloatMemory(long address, long elements, int pieceBits) {
        this.address = address;
        this.elements = elements;
        this.pieceBits = pieceBits;
        this.pieces = new ByteBuffer[(int) ((elements - 1 >>> pieceBits) + 1)];
        for (int i = 0; i < pieces.length; i++) {
            long first = (long) i << pieceBits;
            long bytes = Math.min(1L << pieceBits, elements - first) * Float.BYTES;
            pieces[i] = BY_ADDRESS ? NOTHING : new Window(address + first * Float.BYTES, bytes).asByteBuffer();
        }
    }

    /** The memory of some rows, or null if they are of another type or do not lie one behind the other. */
    static @Nullable FloatMemory of(Rows rows) {
        return rows.type() == DataType.FLOAT && rows.address().isPresent()
                ? new FloatMemory(rows.address().getAsLong(), rows.elements(), PIECE_BITS)
                : null;
    }

    /** The memory of rows of floats that lie one behind the other, columns side by side; else null. */
    static @Nullable FloatMemory ofRows(Rows rows) {
        boolean inOrder = rows.areEvenlySpaced()
                && rows.columnStride() == 1
                && (rows.rows() == 1 || rows.rowStride() == rows.columns());
        Rows[] flat = inOrder ? Rows.flat(rows) : null;
        return flat == null ? null : of(flat[0]);
    }

    /** Whether so many elements are of one piece. */
    boolean holds(long first, int n) {
        return first + n <= elements && first >>> pieceBits == first + n - 1 >>> pieceBits;
    }

    /** Whether both begin at the same place. */
    boolean isSame(FloatMemory that) {
        return address == that.address;
    }

    /** The piece that holds an element. */
    public ByteBuffer piece(long element) {
        return pieces[(int) (element >>> pieceBits)];
    }

    /** Where the piece of an element begins. */
    public long pieceAddress(long element) {
        return address + (element >>> pieceBits << pieceBits) * Float.BYTES;
    }

    /** How many bytes behind the beginning of its piece an element lies. */
    public int offset(long element) {
        return (int) (element & (1L << pieceBits) - 1) * Float.BYTES;
    }

    /** Memory that belongs to someone else. */
    private static final class Window extends BytePointer {
        Window(long address, long bytes) {
            super((Pointer) null);
            this.address = address;
            this.limit = bytes;
            this.capacity = bytes;
        }
    }
}
