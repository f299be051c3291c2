package io.loss4j.tck;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** How the same numbers may lie in memory. Works out every address itself, to share nothing with what it tests. */
enum Layout {
    /** Row after row. */
    C {
        @Override
        long[] strides(long[] shape) {
            return dense(shape, lastToFirst(shape.length), 1);
        }
    },
    /** Column after column. */
    F {
        @Override
        long[] strides(long[] shape) {
            return dense(shape, firstToLast(shape.length), 1);
        }
    },
    /** A window of a larger array: an offset, and gaps between rows. */
    WINDOW {
        @Override
        long[] strides(long[] shape) {
            long[] larger = Arrays.stream(shape).map(size -> size + 3).toArray();
            return dense(larger, lastToFirst(shape.length), 1);
        }

        @Override
        int offset() {
            return 5;
        }
    },
    /** Every second element of an 'f' array with gaps; axes of size 1 have a stride of their own. */
    STRIDED {
        @Override
        long[] strides(long[] shape) {
            long[] larger = Arrays.stream(shape).map(size -> size + 1).toArray();
            long[] strides = dense(larger, firstToLast(shape.length), 2);
            Arrays.setAll(strides, axis -> shape[axis] == 1 ? 777 + axis : strides[axis]);
            return strides;
        }

        @Override
        int offset() {
            return 3;
        }
    },
    /** Columns innermost, whatever the rank: channels last, seen as channels first. */
    COLUMNS_INNERMOST {
        @Override
        long[] strides(long[] shape) {
            int[] order = lastToFirst(shape.length);
            if (shape.length > 2) {
                order[0] = 1;
                for (int i = 1, axis = shape.length - 1; axis >= 0; axis--) {
                    if (axis != 1) {
                        order[i++] = axis;
                    }
                }
            }
            return dense(shape, order, 1);
        }
    };

    /** How far apart neighbours along each axis lie. */
    abstract long[] strides(long[] shape);

    /** Where the first element lies. */
    int offset() {
        return 0;
    }

    /** Axes from the innermost in memory to the outermost. */
    private static long[] dense(long[] sizes, int[] fromInnermost, long first) {
        long[] strides = new long[sizes.length];
        long next = first;
        for (int axis : fromInnermost) {
            strides[axis] = next;
            next *= sizes[axis];
        }
        return strides;
    }

    private static int[] lastToFirst(int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> rank - 1 - i);
        return axes;
    }

    private static int[] firstToLast(int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> i);
        return axes;
    }

    /**
     * An array and the memory that it lies in.
     *
     * @param array the array
     * @param memory all of its memory, to see what was written around it
     */
    record Laid(INDArray array, INDArray memory) {}

    /**
     * Puts values into a new array.
     *
     * @param values row after row
     * @param hasColumns whether axis 1 holds the columns, which are innermost in the values
     * @param around what lies between and around the values
     */
    Laid lay(double[] values, long[] shape, boolean hasColumns, DataType type, double around) {
        long[] strides = strides(shape);
        long last = offset();
        for (int axis = 0; axis < shape.length; axis++) {
            last += shape[axis] == 1 ? 0 : (shape[axis] - 1) * strides[axis];
        }
        double[] memory = new double[(int) last + 1 + offset()];
        Arrays.fill(memory, around);
        int[] at = addresses(shape, strides, offset(), hasColumns);
        for (int i = 0; i < values.length; i++) {
            memory[at[i]] = values[i];
        }
        INDArray flat = Nd4j.createFromArray(memory).castTo(type);
        char order = this == F || this == STRIDED ? 'f' : 'c';
        return new Laid(Nd4j.create(flat.data(), shape, strides, offset(), order), flat);
    }

    /** Where each value lies, for values row after row with the columns, if there are any, innermost. */
    static int[] addresses(long[] shape, long[] strides, long offset, boolean hasColumns) {
        int rank = shape.length;
        int[] axes = new int[rank]; // from outermost to innermost
        boolean columnsLast = hasColumns && rank > 1;
        for (int i = 0, axis = 0; axis < rank; axis++) {
            if (axis != 1 || !columnsLast) {
                axes[i++] = axis;
            }
        }
        if (columnsLast) {
            axes[rank - 1] = 1;
        }
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        int[] addresses = new int[count];
        long[] index = new long[rank];
        long address = offset;
        for (int i = 0; i < count; i++) {
            addresses[i] = (int) address;
            for (int turn = rank - 1; turn >= 0; turn--) {
                int axis = axes[turn];
                if (++index[axis] < shape[axis]) {
                    address += strides[axis];
                    break;
                }
                address -= (shape[axis] - 1) * strides[axis];
                index[axis] = 0;
            }
        }
        return addresses;
    }
}
