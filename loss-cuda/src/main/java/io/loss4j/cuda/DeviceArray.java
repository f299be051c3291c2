package io.loss4j.cuda;

import io.loss4j.error.LossInputException;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Anyone's array in the memory of a GPU: of TensorRT, ONNX Runtime, PyTorch or a kernel of your own. Loss4J never frees
 * it; it must stay valid until the stream that it was used on has gone past that call.
 */
public final class DeviceArray {
    private final long address;
    private final long[] shape;
    private final long[] strides;
    private final ElementType type;
    private final int device;

    private DeviceArray(long address, long[] shape, long[] strides, ElementType type, int device) {
        this.address = address;
        this.shape = shape;
        this.strides = strides;
        this.type = type;
        this.device = device;
    }

    /**
     * An array with any strides.
     *
     * @param address of the first element, a CUdeviceptr
     * @param shape the size of every axis
     * @param strides the distance of neighbours along every axis, in elements
     * @param type FLOAT, DOUBLE, HALF or BFLOAT16 for predictions, gradients and terms; also INT, LONG, SHORT, BYTE,
     *     UBYTE or BOOL for labels and masks
     * @param device the number of the GPU, as the driver counts
     * @throws LossInputException if the type is another, or shape and strides differ in length
     */
    public static DeviceArray of(long address, long[] shape, long[] strides, DataType type, int device) {
        ElementType known = ElementType.of(type);
        if (known == null
                || shape.length != strides.length
                || Arrays.stream(shape).anyMatch(size -> size < 0)) {
            throw new LossInputException(
                    "L4J-C31",
                    "device array",
                    "found type " + type + " with shapes " + Arrays.toString(shape) + " and strides "
                            + Arrays.toString(strides) + ", expected a type that kernels read and one stride per axis",
                    "correct it");
        }
        return new DeviceArray(address, shape.clone(), strides.clone(), known, device);
    }

    /** An array without gaps in 'c' order, the last axis innermost. */
    public static DeviceArray of(long address, long[] shape, DataType type, int device) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(1, shape[axis]);
        }
        return of(address, shape, strides, type, device);
    }

    long address() {
        return address;
    }

    long[] shape() {
        return shape;
    }

    long[] strides() {
        return strides;
    }

    ElementType type() {
        return type;
    }

    int device() {
        return device;
    }

    long length() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    @Override
    public String toString() {
        return type + " " + Arrays.toString(shape) + " on GPU " + device;
    }
}
