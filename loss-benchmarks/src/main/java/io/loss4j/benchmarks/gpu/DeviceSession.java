package io.loss4j.benchmarks.gpu;

import com.sun.jna.Pointer;
import io.loss4j.cuda.driver.Context;
import io.loss4j.cuda.driver.Device;
import io.loss4j.cuda.driver.Driver;
import io.loss4j.cuda.driver.UnavailableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** A GPU that is measured: its context, a stream, events around what is timed, and memory to evict its cache with. */
final class DeviceSession implements AutoCloseable {
    /** What the emulated driver of loss-cuda's tests calls its devices. */
    private static final String EMULATED = "Emulated";

    /** Of predictions or a gradient on their way. */
    static final int STAGING_BYTES = 64 << 20;

    final Device device;
    final String driver;
    final long stream = Context.createStream();
    /** Events around what is timed. */
    final long before = Context.createTimedEvent();

    final long after = Context.createTimedEvent();
    private final long staging = Context.allocatePinned(STAGING_BYTES);
    private final long spaceBytes;
    private final long from;
    private final long to;

    private DeviceSession(Device device, String driver, long spaceBytes) {
        this.device = device;
        this.driver = driver;
        this.spaceBytes = spaceBytes;
        from = Context.allocate(spaceBytes);
        to = Context.allocate(spaceBytes);
        Context.fill(from, (byte) 1, spaceBytes, stream);
    }

    /**
     * Works with the context of a GPU current: that of {@code -Dloss4j.cuda.device}, or the first.
     *
     * @param spaceBytes what is copied between two measurements: more than the cache holds, and long enough that the
     *     host has queued the next one meanwhile
     */
    static void open(long spaceBytes, Consumer<DeviceSession> work) throws UnavailableException {
        Driver driver = Driver.load(() -> 0);
        Device device = driver.devices().get(Integer.getInteger("loss4j.cuda.device", 0));
        try (Context context = Context.retain(device)) {
            context.call(() -> {
                try (DeviceSession session = new DeviceSession(device, driver.version(), spaceBytes)) {
                    work.accept(session);
                    return true;
                }
            });
        }
    }

    /** Whether there is no GPU, but the kernels on this machine's processor. */
    boolean isEmulated() {
        return device.name().startsWith(EMULATED);
    }

    /** Pinned memory to fill or read. */
    ByteBuffer staging(long bytes) {
        return new Pointer(staging).getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    /** Brings what was written to {@link #staging} to the device. */
    void upload(long address, long bytes) {
        Context.upload(address, staging, bytes, stream);
        Context.synchronize(stream);
    }

    /** Brings memory of the device to {@link #staging}. */
    ByteBuffer download(long address, long bytes) {
        Context.download(staging, address, bytes, stream);
        Context.synchronize(stream);
        return staging(bytes);
    }

    /** Evicts the cache and keeps the device busy while the host queues what is timed. */
    void space() {
        Context.copy(to, from, spaceBytes, stream);
    }

    /** Milliseconds between the two events, once the second is reached. */
    double elapsed() {
        Context.await(after);
        return Context.milliseconds(before, after);
    }

    /** Gigabytes per second, read and written, of a copy within the device: what no kernel can beat. */
    double copyGigabytes() {
        space();
        Context.record(before, stream);
        space();
        Context.record(after, stream);
        return 2.0 * spaceBytes / (elapsed() * 1e6);
    }

    @Override
    public void close() {
        Context.synchronize(stream);
        Context.free(from);
        Context.free(to);
        Context.freePinned(staging);
        Context.destroyEvent(before);
        Context.destroyEvent(after);
        Context.destroyStream(stream);
    }
}
