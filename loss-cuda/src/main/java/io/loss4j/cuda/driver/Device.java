package io.loss4j.cuda.driver;

import static io.loss4j.cuda.driver.Driver.check;

import com.sun.jna.Native;

/**
 * A GPU.
 *
 * @param ordinal its number among the devices that the process may see
 * @param handle the driver's
 * @param name its product name
 * @param capability compute capability: 75 for 7.5
 * @param multiprocessors how many
 * @param sharedBytes how much shared memory a block may ask for
 */
public record Device(int ordinal, int handle, String name, int capability, int multiprocessors, int sharedBytes) {
    private static final int MULTIPROCESSOR_COUNT = 16;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int MAX_SHARED_PER_BLOCK_OPTIN = 97;

    static Device of(int ordinal) {
        int[] device = new int[1];
        check(Cuda.cuDeviceGet(device, ordinal), "cuDeviceGet");
        byte[] name = new byte[256];
        check(Cuda.cuDeviceGetName(name, name.length, device[0]), "cuDeviceGetName");
        int handle = device[0];
        return new Device(
                ordinal,
                handle,
                Native.toString(name),
                10 * attribute(handle, CAPABILITY_MAJOR) + attribute(handle, CAPABILITY_MINOR),
                attribute(handle, MULTIPROCESSOR_COUNT),
                attribute(handle, MAX_SHARED_PER_BLOCK_OPTIN));
    }

    private static int attribute(int device, int attribute) {
        int[] value = new int[1];
        check(Cuda.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value[0];
    }

    @Override
    public String toString() {
        return name + ", compute capability " + capability / 10 + "." + capability % 10;
    }
}
