package io.loss4j.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Numbers of a golden case, and what it takes to lay them out as rows by columns. Immutable; small, so nothing is shared.
 */
final class Grid {
    private final int[] shape;
    private final boolean whole;
    private final double[] data;

    /**
     * @param shape the shape; empty for a scalar
     * @param whole whether the numbers are integers
     * @param data row-major
     */
    Grid(int[] shape, boolean whole, double... data) {
        this.shape = shape.clone();
        this.whole = whole;
        this.data = data.clone();
        if (size(shape) != data.length) {
            throw new IllegalArgumentException(data.length + " numbers for the shape " + Arrays.toString(shape));
        }
    }

    private static int size(int... shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    static Grid scalar(double value) {
        return new Grid(new int[0], false, value);
    }

    int rank() {
        return shape.length;
    }

    int size() {
        return data.length;
    }

    boolean whole() {
        return whole;
    }

    int[] shape() {
        return shape.clone();
    }

    /** The size of an axis; negative ones count from the end. */
    int size(int axis) {
        return shape[axis < 0 ? axis + shape.length : axis];
    }

    double[] data() {
        return data.clone();
    }

    double largest() {
        return Close.largest(data);
    }

    boolean any(double value) {
        return Arrays.stream(data).anyMatch(v -> v == value);
    }

    /** Whether all numbers are 0 or 1. */
    boolean isBinary() {
        return Arrays.stream(data).allMatch(v -> v == 0 || v == 1);
    }

    Grid map(DoubleUnaryOperator change) {
        return new Grid(shape, false, Arrays.stream(data).map(change).toArray());
    }

    /** Element by element; the other one is stretched to the shape of this one. */
    Grid zip(Grid other, DoubleBinaryOperator change) {
        double[] b = other.stretched(shape).data;
        return new Grid(
                shape,
                false,
                IntStream.range(0, data.length)
                        .mapToDouble(i -> change.applyAsDouble(data[i], b[i]))
                        .toArray());
    }

    Grid reshaped(int... newShape) {
        return new Grid(newShape, whole, data);
    }

    /** With an axis moved to another place. */
    Grid moved(int from, int to) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank()).boxed().toList());
        order.add(Math.floorMod(to, rank()), order.remove(Math.floorMod(from, rank())));
        return permuted(order.stream().mapToInt(Integer::intValue).toArray());
    }

    private Grid permuted(int... order) {
        int[] sizes = Arrays.stream(order).map(axis -> shape[axis]).toArray();
        int[] strides = strides(shape);
        int[] permuted = Arrays.stream(order).map(axis -> strides[axis]).toArray();
        return picked(sizes, permuted, 0);
    }

    /** The part of an axis from an index on. */
    Grid from(int axis, int first) {
        int[] sizes = shape();
        sizes[axis] -= first;
        return picked(sizes, strides(shape), first * strides(shape)[axis]);
    }

    /** One index of an axis, which remains with size 1. */
    Grid at(int axis, int index) {
        int[] sizes = shape();
        sizes[axis] = 1;
        return picked(sizes, strides(shape), index * strides(shape)[axis]);
    }

    /** Stretched to a shape: axes of size 1 are repeated, missing leading ones added. */
    Grid stretched(int... target) {
        int missing = target.length - rank();
        int[] strides = strides(shape);
        int[] stretched = new int[target.length];
        for (int axis = 0; axis < target.length; axis++) {
            int size = axis < missing ? 1 : shape[axis - missing];
            if (missing < 0 || size != 1 && size != target[axis]) {
                throw new IllegalArgumentException(
                        "the shape " + Arrays.toString(shape) + " does not stretch to " + Arrays.toString(target));
            }
            stretched[axis] = size == 1 ? 0 : strides[axis - missing];
        }
        return picked(target, stretched, 0);
    }

    private static int[] strides(int... shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    private Grid picked(int[] sizes, int[] strides, int offset) {
        double[] picked = new double[size(sizes)];
        int[] own = strides(sizes);
        for (int i = 0; i < picked.length; i++) {
            int at = offset;
            for (int axis = 0; axis < sizes.length; axis++) {
                at += i / own[axis] % sizes[axis] * strides[axis];
            }
            picked[i] = data[at];
        }
        return new Grid(sizes, whole, picked);
    }

    /** Class indices as 0 and 1 along a new last axis; what is no class is 0 everywhere. */
    Grid oneHot(int classes) {
        double[] hot = new double[data.length * classes];
        for (int i = 0; i < data.length; i++) {
            if (data[i] >= 0 && data[i] < classes) {
                hot[i * classes + (int) data[i]] = 1;
            }
        }
        int[] sizes = Arrays.copyOf(shape, rank() + 1);
        sizes[rank()] = classes;
        return new Grid(sizes, false, hot);
    }

    INDArray array(DataType type) {
        long[] sizes = Arrays.stream(shape).asLongStream().toArray();
        return data.length == 0
                ? Nd4j.create(type, sizes)
                : Nd4j.createFromArray(data).reshape('c', sizes).castTo(type);
    }
}
