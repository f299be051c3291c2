package io.loss4j.cuda;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.loss4j.cuda.driver.Context;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What one launch needs beside its arrays: a stream, memory on the device, pinned memory on the host with the same
 * layout, and room for the parameters. Used by one thread at a time and used again; every method needs the context.
 */
final class Lane {
    private static final int JOB_BYTES = 504;

    final long stream;
    private final long event;
    /** The job, and behind it the address of the job, which is what a launch takes. */
    private final ByteBuffer parameters =
            ByteBuffer.allocateDirect(JOB_BYTES + Long.BYTES).order(ByteOrder.nativeOrder());

    private final long parametersAddress = Pointer.nativeValue(Native.getDirectBufferPointer(parameters));

    private long device;
    private long deviceBytes;
    private long pinned;
    private long pinnedBytes;
    /** Whether work of a stream that is not ours may still use the memory. */
    private boolean borrowed;

    Lane() {
        stream = Context.createStream();
        long created = 0;
        try {
            created = Context.createEvent();
        } finally {
            if (created == 0) {
                Context.destroyStream(stream);
            }
        }
        event = created;
        parameters.putLong(JOB_BYTES, parametersAddress);
    }

    /** Makes room; what was there is lost if it has to grow. */
    void reserve(long wantedDeviceBytes, long wantedPinnedBytes) {
        settle();
        if (wantedDeviceBytes > deviceBytes) {
            freeDevice();
            device = Context.allocate(wantedDeviceBytes);
            deviceBytes = wantedDeviceBytes;
        }
        if (wantedPinnedBytes > pinnedBytes) {
            freePinned();
            pinned = Context.allocatePinned(wantedPinnedBytes);
            pinnedBytes = wantedPinnedBytes;
        }
    }

    /** Device memory that is kept. */
    long deviceBytes() {
        return deviceBytes;
    }

    /** Address on the device of a place in the layout. */
    long device(long at) {
        return device + at;
    }

    /** Address on the host of a place in the layout. */
    long pinned(long at) {
        return pinned + at;
    }

    /** The pinned memory of a place in the layout. */
    ByteBuffer pinned(long at, long bytes) {
        return new Pointer(pinned).getByteBuffer(at, bytes).order(ByteOrder.nativeOrder());
    }

    void upload(long from, long to, long on) {
        Context.upload(device + from, pinned + from, to - from, on);
    }

    void download(long from, long to, long on) {
        Context.download(pinned + from, device + from, to - from, on);
    }

    /** Where to write the job. */
    ByteBuffer job() {
        return parameters.clear();
    }

    void launch(long function, int blocks, int threads, int sharedBytes, long on) {
        Context.launch(function, blocks, threads, sharedBytes, on, parametersAddress + JOB_BYTES);
    }

    /** Says that another stream goes on using the memory; whoever takes the lane next waits for it. */
    void leaveTo(long otherStream) {
        Context.record(event, otherStream);
        borrowed = true;
    }

    private void settle() {
        if (borrowed) {
            Context.await(event);
            borrowed = false;
        }
    }

    void synchronize() {
        Context.synchronize(stream);
    }

    private void freeDevice() {
        if (device != 0) {
            long old = device;
            device = 0;
            deviceBytes = 0;
            Context.free(old);
        }
    }

    private void freePinned() {
        if (pinned != 0) {
            long old = pinned;
            pinned = 0;
            pinnedBytes = 0;
            Context.freePinned(old);
        }
    }

    /** Waits for the device and frees everything, as far as the driver still can. */
    void close() {
        for (Runnable step : new Runnable[] {
            this::settle,
            this::synchronize,
            this::freeDevice,
            this::freePinned,
            () -> Context.destroyEvent(event),
            () -> Context.destroyStream(stream)
        }) {
            Lanes.tryTo(step);
        }
    }
}
