package io.loss4j.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * The one place that knows data types: moves strided runs of elements between memory and heap tiles, converting on the
 * way. Offsets and strides count elements.
 */
final class TileCodec {
    private static final int CHUNK = 1024;
    /** Strided runs up to this distance are read as a whole and picked apart. */
    private static final int PICK = 16;

    private static final ThreadLocal<TileCodec> SCRATCH = ThreadLocal.withInitial(TileCodec::new);

    private final float[] floats = new float[CHUNK];
    private final double[] doubles = new double[CHUNK];
    private final short[] shorts = new short[CHUNK];
    private final int[] ints = new int[CHUNK];
    private final long[] longs = new long[CHUNK];
    private final byte[] bytes = new byte[CHUNK];

    private TileCodec() {}

    static void load(DataType type, long base, long start, long stride, int count, float[] to, int at, int step) {
        if (type == DataType.FLOAT && stride == 1 && step == 1) {
            OffHeap.load(base + start * Float.BYTES, to, at, count);
            return;
        }
        TileCodec scratch = SCRATCH.get();
        int gap = gap(stride);
        for (int done = 0, n; done < count; done += n) {
            n = batch(stride, gap, count - done);
            long address = base + (start + done * stride) * type.width();
            int span = (n - 1) * gap + 1;
            switch (type) {
                case FLOAT -> {
                    OffHeap.load(address, scratch.floats, 0, span);
                    for (int i = 0; i < n; i++) {
                        to[at + (done + i) * step] = scratch.floats[i * gap];
                    }
                }
                case HALF -> {
                    OffHeap.load(address, scratch.shorts, 0, span);
                    for (int i = 0; i < n; i++) {
                        to[at + (done + i) * step] = Half.halfToFloat(scratch.shorts[i * gap]);
                    }
                }
                case BFLOAT16 -> {
                    OffHeap.load(address, scratch.shorts, 0, span);
                    for (int i = 0; i < n; i++) {
                        to[at + (done + i) * step] = Half.bfloatToFloat(scratch.shorts[i * gap]);
                    }
                }
                default -> {
                    scratch.loadAsDoubles(type, address, span);
                    for (int i = 0; i < n; i++) {
                        to[at + (done + i) * step] = (float) scratch.doubles[i * gap];
                    }
                }
            }
        }
    }

    static void load(DataType type, long base, long start, long stride, int count, double[] to, int at, int step) {
        if (type == DataType.DOUBLE && stride == 1 && step == 1) {
            OffHeap.load(base + start * Double.BYTES, to, at, count);
            return;
        }
        TileCodec scratch = SCRATCH.get();
        int gap = gap(stride);
        for (int done = 0, n; done < count; done += n) {
            n = batch(stride, gap, count - done);
            scratch.loadAsDoubles(type, base + (start + done * stride) * type.width(), (n - 1) * gap + 1);
            for (int i = 0; i < n; i++) {
                to[at + (done + i) * step] = scratch.doubles[i * gap];
            }
        }
    }

    /** Moves elements of two bytes as they are. */
    static void load(long base, long start, long stride, int count, short[] to, int at, int step) {
        if (stride == 1 && step == 1) {
            OffHeap.load(base + start * Short.BYTES, to, at, count);
            return;
        }
        short[] read = SCRATCH.get().shorts;
        int gap = gap(stride);
        for (int done = 0, n; done < count; done += n) {
            n = batch(stride, gap, count - done);
            OffHeap.load(base + (start + done * stride) * Short.BYTES, read, 0, (n - 1) * gap + 1);
            for (int i = 0; i < n; i++) {
                to[at + (done + i) * step] = read[i * gap];
            }
        }
    }

    /** Moves elements of two bytes as they are. */
    static void store(long base, long start, long stride, int count, short[] from, int at, int step) {
        if (stride == 1 && step == 1) {
            OffHeap.store(from, at, count, base + start * Short.BYTES);
            return;
        }
        short[] picked = SCRATCH.get().shorts;
        for (int done = 0, n; done < count; done += n) {
            n = stride == 1 ? Math.min(CHUNK, count - done) : 1;
            for (int i = 0; i < n; i++) {
                picked[i] = from[at + (done + i) * step];
            }
            OffHeap.store(picked, 0, n, base + (start + done * stride) * Short.BYTES);
        }
    }

    /** Returns the position of the first number that is not whole, or -1. */
    static int loadIndices(DataType type, long base, long start, long stride, int count, long[] to, int at) {
        TileCodec scratch = SCRATCH.get();
        int gap = gap(stride);
        for (int done = 0, n; done < count; done += n) {
            n = batch(stride, gap, count - done);
            long address = base + (start + done * stride) * type.width();
            int span = (n - 1) * gap + 1;
            switch (type) {
                case INT -> {
                    OffHeap.load(address, scratch.ints, 0, span);
                    for (int i = 0; i < n; i++) {
                        to[at + done + i] = scratch.ints[i * gap];
                    }
                }
                case LONG -> {
                    OffHeap.load(address, scratch.longs, 0, span);
                    for (int i = 0; i < n; i++) {
                        to[at + done + i] = scratch.longs[i * gap];
                    }
                }
                default -> {
                    scratch.loadAsDoubles(type, address, span);
                    for (int i = 0; i < n; i++) {
                        double value = scratch.doubles[i * gap];
                        long whole = (long) value;
                        if (whole != value) {
                            return done + i;
                        }
                        to[at + done + i] = whole;
                    }
                }
            }
        }
        return -1;
    }

    static void store(DataType type, long base, long start, long stride, int count, float[] from, int at, int step) {
        if (type == DataType.FLOAT && stride == 1 && step == 1) {
            OffHeap.store(from, at, count, base + start * Float.BYTES);
            return;
        }
        TileCodec scratch = SCRATCH.get();
        for (int done = 0, n; done < count; done += n) {
            n = stride == 1 ? Math.min(CHUNK, count - done) : 1;
            long address = base + (start + done * stride) * type.width();
            int first = at + done * step;
            switch (type) {
                case FLOAT -> {
                    for (int i = 0; i < n; i++) {
                        scratch.floats[i] = from[first + i * step];
                    }
                    OffHeap.store(scratch.floats, 0, n, address);
                }
                case HALF -> {
                    for (int i = 0; i < n; i++) {
                        scratch.shorts[i] = Half.floatToHalf(from[first + i * step]);
                    }
                    OffHeap.store(scratch.shorts, 0, n, address);
                }
                case BFLOAT16 -> {
                    for (int i = 0; i < n; i++) {
                        scratch.shorts[i] = Half.floatToBfloat(from[first + i * step]);
                    }
                    OffHeap.store(scratch.shorts, 0, n, address);
                }
                case DOUBLE -> {
                    for (int i = 0; i < n; i++) {
                        scratch.doubles[i] = from[first + i * step];
                    }
                    OffHeap.store(scratch.doubles, 0, n, address);
                }
                default -> throw new IllegalArgumentException("cannot write " + type);
            }
        }
    }

    static void store(DataType type, long base, long start, long stride, int count, double[] from, int at, int step) {
        if (type == DataType.DOUBLE && stride == 1 && step == 1) {
            OffHeap.store(from, at, count, base + start * Double.BYTES);
            return;
        }
        float[] narrowed = SCRATCH.get().floats;
        double[] kept = SCRATCH.get().doubles;
        for (int done = 0, n; done < count; done += n) {
            n = stride == 1 ? Math.min(CHUNK, count - done) : 1;
            long first = start + done * stride;
            if (type == DataType.DOUBLE) {
                for (int i = 0; i < n; i++) {
                    kept[i] = from[at + (done + i) * step];
                }
                OffHeap.store(kept, 0, n, base + first * Double.BYTES);
            } else {
                for (int i = 0; i < n; i++) {
                    narrowed[i] = (float) from[at + (done + i) * step];
                }
                store(type, base, first, 1, n, narrowed, 0, 1);
            }
        }
    }

    /** Distance of the wanted elements in what is read at once. */
    private static int gap(long stride) {
        return stride >= 1 && stride <= PICK ? (int) stride : 1;
    }

    /** How many of the wanted elements to read at once. */
    private static int batch(long stride, int gap, int left) {
        return stride == gap ? Math.min(left, (CHUNK - 1) / gap + 1) : 1;
    }

    private void loadAsDoubles(DataType type, long address, int n) {
        switch (type) {
            case DOUBLE -> OffHeap.load(address, doubles, 0, n);
            case FLOAT -> {
                OffHeap.load(address, floats, 0, n);
                for (int i = 0; i < n; i++) {
                    doubles[i] = floats[i];
                }
            }
            case HALF, BFLOAT16, SHORT, UINT16 -> {
                OffHeap.load(address, shorts, 0, n);
                for (int i = 0; i < n; i++) {
                    doubles[i] = fromShort(type, shorts[i]);
                }
            }
            case INT, UINT32 -> {
                OffHeap.load(address, ints, 0, n);
                for (int i = 0; i < n; i++) {
                    doubles[i] = fromInt(type, ints[i]);
                }
            }
            case LONG, UINT64 -> {
                OffHeap.load(address, longs, 0, n);
                for (int i = 0; i < n; i++) {
                    doubles[i] = fromLong(type, longs[i]);
                }
            }
            case BYTE, UBYTE, BOOL -> {
                OffHeap.load(address, bytes, 0, n);
                for (int i = 0; i < n; i++) {
                    doubles[i] = fromByte(type, bytes[i]);
                }
            }
            default -> throw new IllegalArgumentException("cannot read numbers from " + type);
        }
    }

    private static double fromShort(DataType type, short bits) {
        return switch (type) {
            case HALF -> Half.halfToFloat(bits);
            case BFLOAT16 -> Half.bfloatToFloat(bits);
            case UINT16 -> bits & 0xffff;
            default -> bits;
        };
    }

    private static double fromInt(DataType type, int bits) {
        return switch (type) {
            case UINT32 -> Integer.toUnsignedLong(bits);
            default -> bits;
        };
    }

    private static double fromLong(DataType type, long bits) {
        // halved to fit, with the lowest bit kept for rounding
        return type == DataType.UINT64 && bits < 0 ? 2.0 * (bits >>> 1 | bits & 1) : bits;
    }

    private static double fromByte(DataType type, byte bits) {
        return switch (type) {
            case BYTE -> bits;
            default -> bits & 0xff;
        };
    }
}
