package io.loss4j.cuda.driver;

import static io.loss4j.cuda.driver.Driver.check;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The primary context of a device, which all users of the GPU in the process share. Every other method works on the
 * context that is current for the calling thread: use {@link #call}.
 */
public final class Context implements AutoCloseable {
    private static final int LOG_BYTES = 16 << 10;
    private static final int JIT_INFO_LOG = 3;
    private static final int JIT_INFO_LOG_BYTES = 4;
    private static final int JIT_ERROR_LOG = 5;
    private static final int JIT_ERROR_LOG_BYTES = 6;
    private static final int PORTABLE = 1;
    private static final int NON_BLOCKING = 1;
    private static final int DISABLE_TIMING = 2;
    private static final int MAX_DYNAMIC_SHARED_BYTES = 8;
    private static final int DEVICE_ORDINAL = 9;

    private final Device device;
    private final long handle;

    private Context(Device device, long handle) {
        this.device = device;
        this.handle = handle;
    }

    /** Takes a share in the primary context. */
    public static Context retain(Device device) {
        long[] context = new long[1];
        check(Cuda.cuDevicePrimaryCtxRetain(context, device.handle()), "cuDevicePrimaryCtxRetain");
        return new Context(device, context[0]);
    }

    /** Gives the share back; the driver frees everything when nobody holds one. */
    @Override
    public void close() {
        check(Cuda.cuDevicePrimaryCtxRelease(device.handle()), "cuDevicePrimaryCtxRelease");
    }

    /** Does something with the context current, and gives the thread back the one that it had. */
    public <T> T call(Supplier<T> work) {
        long[] before = new long[1];
        check(Cuda.cuCtxGetCurrent(before), "cuCtxGetCurrent");
        if (before[0] == handle) {
            return work.get();
        }
        check(Cuda.cuCtxSetCurrent(handle), "cuCtxSetCurrent");
        try {
            return work.get();
        } finally {
            Cuda.cuCtxSetCurrent(before[0]); // after a failure this fails too and must not hide it
        }
    }

    /** Bytes of device memory that nobody uses. */
    public static long freeBytes() {
        long[] free = new long[1];
        long[] total = new long[1];
        check(Cuda.cuMemGetInfo(free, total), "cuMemGetInfo");
        return free[0];
    }

    /** Device memory. */
    public static long allocate(long bytes) {
        long[] address = new long[1];
        check(Cuda.cuMemAlloc(address, bytes), "cuMemAlloc");
        return address[0];
    }

    /** Frees device memory. */
    public static void free(long address) {
        check(Cuda.cuMemFree(address), "cuMemFree");
    }

    /** Host memory that the device can copy from and to on its own. */
    public static long allocatePinned(long bytes) {
        long[] address = new long[1];
        check(Cuda.cuMemHostAlloc(address, bytes, PORTABLE), "cuMemHostAlloc");
        return address[0];
    }

    /** Frees pinned memory. */
    public static void freePinned(long address) {
        check(Cuda.cuMemFreeHost(address), "cuMemFreeHost");
    }

    /** Copies from pinned to device memory, in the order of the stream. */
    public static void upload(long to, long from, long bytes, long stream) {
        check(Cuda.cuMemcpyHtoDAsync(to, from, bytes, stream), "cuMemcpyHtoDAsync");
    }

    /** Copies from device to pinned memory, in the order of the stream. */
    public static void download(long to, long from, long bytes, long stream) {
        check(Cuda.cuMemcpyDtoHAsync(to, from, bytes, stream), "cuMemcpyDtoHAsync");
    }

    /** Copies within device memory, in the order of the stream. */
    public static void copy(long to, long from, long bytes, long stream) {
        check(Cuda.cuMemcpyDtoDAsync(to, from, bytes, stream), "cuMemcpyDtoDAsync");
    }

    /** Writes the same byte all over device memory, in the order of the stream. */
    public static void fill(long to, byte value, long bytes, long stream) {
        check(Cuda.cuMemsetD8Async(to, value, bytes, stream), "cuMemsetD8Async");
    }

    /** A stream that does not wait for the default stream. */
    public static long createStream() {
        long[] stream = new long[1];
        check(Cuda.cuStreamCreate(stream, NON_BLOCKING), "cuStreamCreate");
        return stream[0];
    }

    /** Destroys a stream. */
    public static void destroyStream(long stream) {
        check(Cuda.cuStreamDestroy(stream), "cuStreamDestroy");
    }

    /** Waits until the stream has done everything. */
    public static void synchronize(long stream) {
        check(Cuda.cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    /** A point in the work of a stream. */
    public static long createEvent() {
        long[] event = new long[1];
        check(Cuda.cuEventCreate(event, DISABLE_TIMING), "cuEventCreate");
        return event[0];
    }

    /** The same with the time at which it was reached, for {@link #milliseconds}. */
    public static long createTimedEvent() {
        long[] event = new long[1];
        check(Cuda.cuEventCreate(event, 0), "cuEventCreate");
        return event[0];
    }

    /** Destroys an event. */
    public static void destroyEvent(long event) {
        check(Cuda.cuEventDestroy(event), "cuEventDestroy");
    }

    /** Marks what a stream has been given so far. */
    public static void record(long event, long stream) {
        check(Cuda.cuEventRecord(event, stream), "cuEventRecord");
    }

    /** Waits until the marked work is done. */
    public static void await(long event) {
        check(Cuda.cuEventSynchronize(event), "cuEventSynchronize");
    }

    /**
     * The time between two events that keep it, by the clock of the device, to about half a microsecond; both must have
     * been reached.
     */
    public static double milliseconds(long start, long end) {
        float[] milliseconds = new float[1];
        check(Cuda.cuEventElapsedTime(milliseconds, start, end), "cuEventElapsedTime");
        return milliseconds[0];
    }

    /** The device that an address belongs to, or -1 if it is not device memory. */
    public static int deviceOf(long address) {
        int[] ordinal = {-1};
        return Cuda.cuPointerGetAttribute(ordinal, DEVICE_ORDINAL, address) == 0 ? ordinal[0] : -1;
    }

    /**
     * Compiles PTX for the device and loads it.
     *
     * @param name for messages
     * @param ptx the text
     * @throws CudaException with the compiler's log
     */
    public static long loadModule(String name, byte[] ptx) {
        byte[] terminated = Arrays.copyOf(ptx, ptx.length + 1);
        try (Memory info = new Memory(LOG_BYTES);
                Memory errors = new Memory(LOG_BYTES)) {
            info.setByte(0, (byte) 0);
            errors.setByte(0, (byte) 0);
            int[] options = {JIT_INFO_LOG, JIT_INFO_LOG_BYTES, JIT_ERROR_LOG, JIT_ERROR_LOG_BYTES};
            long[] values = {address(info), LOG_BYTES, address(errors), LOG_BYTES};
            long[] module = new long[1];
            int result = Cuda.cuModuleLoadDataEx(module, terminated, options.length, options, values);
            if (result == 0) {
                return module[0];
            }
            if (result == CudaException.OUT_OF_MEMORY
                    || CudaException.of("", result).losesContext()) {
                throw CudaException.of("cuModuleLoadDataEx", result);
            }
            String log = (errors.getString(0) + " " + info.getString(0)).strip().replaceAll("\\s+", " ");
            throw new CudaException(
                    "L4J-C06",
                    "cuModuleLoadDataEx",
                    result,
                    Driver.describe(result) + " for " + name + "; its compiler says: "
                            + (log.isEmpty() ? "nothing" : log),
                    CudaException.remedy(result));
        }
    }

    private static long address(Memory memory) {
        return Pointer.nativeValue(memory);
    }

    /** Unloads a module. */
    public static void unloadModule(long module) {
        check(Cuda.cuModuleUnload(module), "cuModuleUnload");
    }

    /** An entry of a module. */
    public static long function(long module, String name) {
        long[] function = new long[1];
        byte[] text = (name + '\0').getBytes(StandardCharsets.US_ASCII);
        check(Cuda.cuModuleGetFunction(function, module, text), "cuModuleGetFunction " + name);
        return function[0];
    }

    /** Lets a function use more dynamic shared memory than the 48 KiB that need no asking. */
    public static void allowSharedBytes(long function, int bytes) {
        check(Cuda.cuFuncSetAttribute(function, MAX_DYNAMIC_SHARED_BYTES, bytes), "cuFuncSetAttribute");
    }

    /**
     * Launches a kernel of one dimension with one parameter.
     *
     * @param parameters address of an array that holds the address of the parameter
     */
    public static void launch(long function, int blocks, int threads, int sharedBytes, long stream, long parameters) {
        check(
                Cuda.cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, sharedBytes, stream, parameters, 0),
                "cuLaunchKernel");
    }
}
