package io.loss4j.cuda;

import io.loss4j.cuda.driver.Context;
import io.loss4j.cuda.driver.CudaException;
import io.loss4j.cuda.driver.Device;
import io.loss4j.cuda.driver.Driver;
import io.loss4j.cuda.driver.UnavailableException;
import io.loss4j.error.BackendException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The GPUs of this process, opened when first asked for. Properties: {@code loss4j.cuda.library}, {@code
 * loss4j.cuda.device}, {@code loss4j.cuda.memory}.
 */
final class Gpus {
    static final String DEVICE = "loss4j.cuda.device";
    static final String MEMORY = "loss4j.cuda.memory";

    /** Turing, the oldest that the PTX is made for. */
    private static final int OLDEST_CAPABILITY = 75;

    private static final long KEPT_BYTES = 256L << 20;
    private static final Pattern BYTES = Pattern.compile("(\\d{1,15})([kmg]?)");

    /** The module whose loading shows that the driver can compile ours. */
    private static final String FIRST_MODULE = "softmax_float";

    private static volatile @Nullable Gpus opened;

    private final Driver driver;
    private final List<Device> devices;
    private final long keptBytes;
    private final Map<Integer, Gpu> gpus = new HashMap<>();
    private final Gpu first;
    private boolean closed;

    private Gpus() throws UnavailableException {
        keptBytes = keptBytes();
        driver = Driver.load(Gpus::oldestDriver);
        try {
            devices = driver.devices();
            first = new Gpu(choose(), keptBytes);
        } catch (CudaException e) {
            throw e.asUnavailable();
        }
        gpus.put(first.device.ordinal(), first);
        try {
            first.use(() -> first.module(FIRST_MODULE));
            first.costs();
        } catch (CudaException e) {
            first.close();
            throw e.asUnavailable();
        }
    }

    /** The GPU for arrays in host memory. */
    static Gpu first() throws UnavailableException {
        return open().first;
    }

    /** A GPU by its number. */
    static Gpu at(int ordinal) {
        try {
            return open().get(ordinal);
        } catch (UnavailableException e) {
            throw new BackendException(
                    e.answer().code(), e.answer().reason(), e.answer().remedy(), e);
        }
    }

    private static Gpus open() throws UnavailableException {
        Gpus all = opened;
        return all != null ? all : openOnce();
    }

    private static synchronized Gpus openOnce() throws UnavailableException {
        Gpus all = opened;
        if (all == null) {
            all = new Gpus();
            opened = all;
            Hook.install();
        }
        return all;
    }

    /** At the end of the process, so that whoever counts sees nothing left. */
    private static final class Hook {
        static {
            Runtime.getRuntime().addShutdownHook(new Thread(Gpus::close, "loss4j-cuda-release"));
        }

        private Hook() {}

        static void install() {}
    }

    /** Releases everything; the next call opens anew. */
    static synchronized void close() {
        Gpus all = opened;
        opened = null;
        if (all != null) {
            all.closeEach();
        }
    }

    private synchronized void closeEach() {
        closed = true;
        gpus.values().forEach(Gpu::close);
    }

    private synchronized Gpu get(int ordinal) throws UnavailableException {
        Gpu gpu = gpus.get(ordinal);
        if (gpu == null) {
            if (closed) {
                throw new Gpu.Released(checked(ordinal)); // nobody would close a new one
            }
            gpu = new Gpu(checked(ordinal), keptBytes);
            gpus.put(ordinal, gpu);
        }
        return gpu;
    }

    /** What doctor prints. */
    static String describe() throws UnavailableException {
        Gpus all = open(); // measured when it was opened
        return all.first + ", driver for CUDA " + all.driver.version() + "; " + all.first.costs();
    }

    /** The device that the property names, else the one with most free memory. */
    private Device choose() throws UnavailableException {
        String asked = System.getProperty(DEVICE);
        if (asked != null && !asked.isBlank()) {
            Integer ordinal = Integer.getInteger(DEVICE);
            if (ordinal == null) {
                throw wrongProperty(DEVICE, asked, "the number of a GPU from 0 to " + (devices.size() - 1));
            }
            return checked(ordinal);
        }
        List<Device> able = devices.stream()
                .filter(d -> d.capability() >= OLDEST_CAPABILITY)
                .toList();
        if (able.isEmpty()) {
            throw tooOld(devices.toString());
        } else if (able.size() == 1) {
            return able.get(0);
        }
        Device best = able.get(0);
        long most = -1;
        for (Device device : able) {
            long free = freeBytes(device);
            if (free > most) {
                most = free;
                best = device;
            }
        }
        return best;
    }

    private static long freeBytes(Device device) {
        try (Context context = Context.retain(device)) {
            return context.call(Context::freeBytes);
        }
    }

    private Device checked(int ordinal) throws UnavailableException {
        if (ordinal < 0 || ordinal >= devices.size()) {
            throw wrongProperty(
                    DEVICE, String.valueOf(ordinal), "the number of a GPU from 0 to " + (devices.size() - 1));
        }
        Device device = devices.get(ordinal);
        if (device.capability() < OLDEST_CAPABILITY) {
            throw tooOld(device.toString());
        }
        return device;
    }

    private static UnavailableException tooOld(String found) {
        return new UnavailableException(
                "L4J-C05",
                "found " + found + ", expected a GPU of compute capability 7.5 (Turing) or later",
                "use the CPU, or a newer GPU",
                null);
    }

    private static UnavailableException wrongProperty(String property, String found, String expected) {
        return new UnavailableException(
                "L4J-C07",
                "-D" + property + " is '" + found + "', expected " + expected,
                "correct it or remove it",
                null);
    }

    private static long keptBytes() throws UnavailableException {
        String asked = System.getProperty(MEMORY);
        if (asked == null || asked.isBlank()) {
            return KEPT_BYTES;
        }
        Matcher m = BYTES.matcher(asked.trim().toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            throw wrongProperty(MEMORY, asked, "bytes, or a number with k, m or g such as 512m");
        }
        int shift = 10 * (m.group(2).isEmpty() ? 0 : "kmg".indexOf(m.group(2)) + 1);
        return Long.parseLong(m.group(1)) << Math.min(shift, 30);
    }

    /** What the driver must support: PTX 7.x came with CUDA 11.x, 8.x with 12.x, and so on. */
    private static int oldestDriver() {
        String head = new String(KernelTable.resource(FIRST_MODULE + ".ptx"), StandardCharsets.US_ASCII);
        Matcher version = Pattern.compile("(?m)^\\.version (\\d+)\\.(\\d+)").matcher(head);
        if (!version.find()) {
            throw new IllegalStateException(FIRST_MODULE + ".ptx does not say its version");
        }
        int major = Integer.parseInt(version.group(1));
        return major < 7 ? 11000 : (major + 4) * 1000 + Integer.parseInt(version.group(2)) * 10;
    }
}
