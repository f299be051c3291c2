package io.loss4j.cuda;

import com.sun.jna.Pointer;
import io.loss4j.cuda.driver.Context;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays that somebody else has put into the memory of GPU 0, and a stream of theirs. */
final class OnGpu implements AutoCloseable {
    private final List<Long> allocated = new ArrayList<>();
    final long stream;

    OnGpu() {
        stream = Gpus.at(0).use(Context::createStream);
    }

    /** The memory up to the last element of an array, so that views keep their offsets and strides. */
    DeviceArray copyOf(INDArray array) {
        long last = array.offset();
        for (int axis = 0; axis < array.rank(); axis++) {
            last += (array.size(axis) - 1) * array.stride(axis);
        }
        long bytes = (last + 1) * array.dataType().width();
        long address = allocate(bytes);
        Gpus.at(0).use(() -> {
            long pinned = Context.allocatePinned(bytes);
            new Pointer(pinned)
                    .getByteBuffer(0, bytes)
                    .put(new Pointer(array.data().address()).getByteBuffer(0, bytes));
            Context.upload(address, pinned, bytes, stream);
            Context.synchronize(stream);
            Context.freePinned(pinned);
            return true;
        });
        return DeviceArray.of(
                address + array.offset() * array.dataType().width(),
                array.shape(),
                array.stride(),
                array.dataType(),
                0);
    }

    /** Memory that nobody has written to. */
    DeviceArray empty(DataType type, long... shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        return DeviceArray.of(allocate(length * type.width()), shape, type, 0);
    }

    private long allocate(long bytes) {
        long address = Gpus.at(0).use(() -> Context.allocate(bytes));
        allocated.add(address);
        return address;
    }

    /** What the stream has left there. */
    INDArray read(DeviceArray array, DataType type) {
        INDArray copy = Nd4j.createUninitialized(type, array.shape(), 'c');
        long bytes = copy.length() * type.width();
        Gpus.at(0).use(() -> {
            long pinned = Context.allocatePinned(bytes);
            Context.download(pinned, array.address(), bytes, stream);
            Context.synchronize(stream);
            new Pointer(copy.data().address()).getByteBuffer(0, bytes).put(new Pointer(pinned).getByteBuffer(0, bytes));
            Context.freePinned(pinned);
            return true;
        });
        return copy;
    }

    @Override
    public void close() {
        Gpus.at(0).use(() -> {
            Context.synchronize(stream);
            Context.destroyStream(stream);
            allocated.forEach(Context::free);
            return true;
        });
    }
}
