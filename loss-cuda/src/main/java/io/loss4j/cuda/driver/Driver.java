package io.loss4j.cuda.driver;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntSupplier;

/** The driver, loaded and initialised once per process. */
public final class Driver {
    /** Functions whose second form has kept the name in {@code cuda.h}, where a macro leads to it. */
    private static final Set<String> SECOND_FORM = Set.of(
            "cuDeviceTotalMem",
            "cuDevicePrimaryCtxRelease",
            "cuMemGetInfo",
            "cuMemAlloc",
            "cuMemFree",
            "cuMemcpyHtoDAsync",
            "cuMemcpyDtoHAsync",
            "cuMemcpyDtoDAsync",
            "cuStreamDestroy",
            "cuEventDestroy");

    private final int version;

    private Driver(int version) {
        this.version = version;
    }

    /**
     * Loads the library {@code -Dloss4j.cuda.library}, or the system's driver, and initialises it.
     *
     * @param oldestVersion the oldest version that will do, as cuDriverGetVersion counts: 11080 for CUDA 11.8
     * @throws UnavailableException if there is no driver or no GPU, or the driver is too old
     */
    public static Driver load(IntSupplier oldestVersion) throws UnavailableException {
        String library = DriverFiles.library();
        if (library == null) {
            throw new UnavailableException(Objects.requireNonNull(DriverFiles.missing()));
        }
        try {
            bind(library);
        } catch (LinkageError e) {
            throw new UnavailableException(
                    "L4J-C02",
                    "the NVIDIA driver " + library + " cannot be loaded: " + e.getMessage(),
                    System.getProperty(DriverFiles.PROPERTY) != null
                            ? "correct or remove -D" + DriverFiles.PROPERTY
                            : DriverFiles.INSTALL,
                    e);
        }
        int oldest = oldestVersion.getAsInt();
        int[] version = new int[1];
        int result = Cuda.cuDriverGetVersion(version);
        if (result == 0 && version[0] < oldest) {
            throw new UnavailableException(
                    "L4J-C03",
                    "the NVIDIA driver supports CUDA " + dotted(version[0]) + ", expected at least " + dotted(oldest),
                    "update it, at least to 520 (that of CUDA 11.8)",
                    null);
        }
        result = Cuda.cuInit(0);
        if (result != 0) {
            throw new UnavailableException(
                    "L4J-C04",
                    "the NVIDIA driver does not start: cuInit returned " + describe(result),
                    CudaException.remedy(result),
                    null);
        }
        return new Driver(version[0]);
    }

    private static void bind(String library) {
        FunctionMapper names = (NativeLibrary from, Method method) ->
                method.getName() + (SECOND_FORM.contains(method.getName()) ? "_v2" : "");
        NativeLibrary loaded =
                NativeLibrary.getInstance(library, Map.of(Library.OPTION_FUNCTION_MAPPER, (Object) names));
        Native.register(Cuda.class, loaded);
    }

    /** The CUDA version of the driver, such as 12.4. */
    public String version() {
        return dotted(version);
    }

    private static String dotted(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    /** All devices, in the driver's order. */
    public List<Device> devices() {
        int[] count = new int[1];
        check(Cuda.cuDeviceGetCount(count), "cuDeviceGetCount");
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < count[0]; i++) {
            devices.add(Device.of(i));
        }
        return devices;
    }

    static void check(int result, String call) {
        if (result != 0) {
            throw CudaException.of(call, result);
        }
    }

    /** Name, number and text of a result. */
    static String describe(int result) {
        long[] name = new long[1];
        long[] text = new long[1];
        if (Cuda.cuGetErrorName(result, name) != 0 || Cuda.cuGetErrorString(result, text) != 0) {
            return "the unknown result " + result;
        }
        return new Pointer(name[0]).getString(0) + " (" + result + ", " + new Pointer(text[0]).getString(0) + ")";
    }
}
