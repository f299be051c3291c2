package io.loss4j.cuda.driver;

/**
 * Functions of the driver, named as in {@code cuda.h}; bound by {@link Driver#load}. Handles and addresses are 64 bits
 * wide on every system that ND4J runs on. Results are CUresult.
 */
final class Cuda {
    private Cuda() {}

    static native int cuInit(int flags);

    static native int cuDriverGetVersion(int[] version);

    static native int cuGetErrorName(int result, long[] text);

    static native int cuGetErrorString(int result, long[] text);

    static native int cuDeviceGetCount(int[] count);

    static native int cuDeviceGet(int[] device, int ordinal);

    static native int cuDeviceGetName(byte[] name, int length, int device);

    static native int cuDeviceGetAttribute(int[] value, int attribute, int device);

    static native int cuDeviceTotalMem(long[] bytes, int device);

    static native int cuDevicePrimaryCtxRetain(long[] context, int device);

    static native int cuDevicePrimaryCtxRelease(int device);

    static native int cuCtxGetCurrent(long[] context);

    static native int cuCtxSetCurrent(long context);

    static native int cuModuleLoadDataEx(long[] module, byte[] image, int options, int[] names, long[] values);

    static native int cuModuleUnload(long module);

    static native int cuModuleGetFunction(long[] function, long module, byte[] name);

    static native int cuFuncSetAttribute(long function, int attribute, int value);

    static native int cuMemGetInfo(long[] free, long[] total);

    static native int cuMemAlloc(long[] address, long bytes);

    static native int cuMemFree(long address);

    static native int cuMemHostAlloc(long[] address, long bytes, int flags);

    static native int cuMemFreeHost(long address);

    static native int cuMemcpyHtoDAsync(long to, long from, long bytes, long stream);

    static native int cuMemcpyDtoHAsync(long to, long from, long bytes, long stream);

    static native int cuMemcpyDtoDAsync(long to, long from, long bytes, long stream);

    static native int cuMemsetD8Async(long to, byte value, long bytes, long stream);

    static native int cuStreamCreate(long[] stream, int flags);

    static native int cuStreamDestroy(long stream);

    static native int cuStreamSynchronize(long stream);

    static native int cuEventCreate(long[] event, int flags);

    static native int cuEventDestroy(long event);

    static native int cuEventRecord(long event, long stream);

    static native int cuEventSynchronize(long event);

    static native int cuEventElapsedTime(float[] milliseconds, long start, long end);

    static native int cuPointerGetAttribute(int[] value, int attribute, long address);

    static native int cuLaunchKernel(
            long function,
            int gridX,
            int gridY,
            int gridZ,
            int blockX,
            int blockY,
            int blockZ,
            int sharedBytes,
            long stream,
            long parameters,
            long extra);
}
