package io.loss4j.cuda;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An array in device memory as rows x columns, as kernels see it: element (r, k) lies at (r / innerRows) outerStride +
 * (r mod innerRows) rowStride + k columnStride elements from the address.
 */
record DeviceRows(
        long address,
        ElementType type,
        long rows,
        long columns,
        long rowStride,
        long columnStride,
        long innerRows,
        long outerStride) {
    /** No array. */
    static final DeviceRows ABSENT = new DeviceRows(0, ElementType.ABSENT, 1, 1, 0, 0, 1, 0);

    /** Row after row without gaps. */
    static DeviceRows dense(long address, ElementType type, long rows, long columns) {
        return new DeviceRows(address, type, rows, columns, columns, 1, rows, 0);
    }

    /**
     * An array whose rows are all axes but one, in 'c' order; null if these are more than two that memory does not
     * merge.
     *
     * @param columnAxis the axis of the columns, or -1 if every element is a row
     */
    static @Nullable DeviceRows of(long address, ElementType type, long[] shape, long[] strides, int columnAxis) {
        long[] sizes = new long[shape.length];
        long[] steps = new long[shape.length];
        int axes = 0;
        long rows = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            if (axis == columnAxis) {
                continue;
            }
            rows *= shape[axis];
            if (shape[axis] == 1) {
                continue;
            }
            if (axes > 0 && steps[axes - 1] == shape[axis] * strides[axis]) {
                sizes[axes - 1] *= shape[axis];
                steps[axes - 1] = strides[axis];
            } else {
                sizes[axes] = shape[axis];
                steps[axes++] = strides[axis];
            }
        }
        if (axes > 2) {
            return null;
        }
        long columns = columnAxis < 0 ? 1 : shape[columnAxis];
        long columnStride = columns == 1 ? 1 : strides[columnAxis];
        return switch (axes) {
            case 0 -> new DeviceRows(address, type, rows, columns, columns, columnStride, rows, 0);
            case 1 -> new DeviceRows(address, type, rows, columns, steps[0], columnStride, rows, 0);
            default -> new DeviceRows(address, type, rows, columns, steps[1], columnStride, sizes[1], steps[0]);
        };
    }

    /** A mask [N] or [N, 1] over rows of further axes: one number per example. */
    static DeviceRows perExample(long address, ElementType type, long[] predictions, long stride) {
        long examples = predictions[0];
        long each = Arrays.stream(predictions).skip(2).reduce(1, (a, b) -> a * b);
        return new DeviceRows(address, type, examples * each, 1, 0, 1, each, stride);
    }

    boolean isPresent() {
        return type != ElementType.ABSENT;
    }

    /** Whether columns lie side by side. */
    boolean hasAdjacentColumns() {
        return !isPresent() || columnStride == 1;
    }

    /** Whether it is a plain matrix in 'c' order. */
    boolean isRowMajor() {
        return !isPresent() || columnStride == 1 && rowStride == columns && innerRows == rows;
    }

    void write(ByteBuffer to) {
        to.putLong(address)
                .putLong(type.ordinal())
                .putLong(rowStride)
                .putLong(columnStride)
                .putLong(innerRows)
                .putLong(outerStride);
    }
}
