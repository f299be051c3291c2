package io.loss4j.cuda.driver;

import io.loss4j.backend.Availability;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the driver is, as far as looking at files can tell: most machines have none, and starting JNA only to hear that
 * takes 50 times as long.
 */
public final class DriverFiles {
    static final String PROPERTY = "loss4j.cuda.library";
    private static final String LINUX = "libcuda.so.1";
    private static final String WINDOWS = "nvcuda.dll";

    /** Where Linux distributions, containers, WSL and Jetson keep it, beyond what the linker's cache lists. */
    private static final String[] FOLDERS = {
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu/tegra",
        "/usr/lib64",
        "/usr/lib",
        "/lib64",
        "/lib",
        "/usr/lib/wsl/lib",
        "/usr/local/nvidia/lib64",
        "/usr/local/cuda/compat",
        "/run/opengl-driver/lib"
    };

    static final String INSTALL =
            "install the NVIDIA driver, from 520 (that of CUDA 11.8) on; containers need --gpus all";

    private DriverFiles() {}

    /** Why there is nothing to load, or null if there is a driver. Starts no native code. */
    public static Availability.@Nullable Unavailable missing() {
        return library() != null
                ? null
                : new Availability.Unavailable("L4J-C01", "there is no NVIDIA driver on this machine", INSTALL, null);
    }

    /** The library to load: the property, or the driver's usual name; null if there is no driver. */
    static @Nullable String library() {
        String asked = System.getProperty(PROPERTY);
        if (asked != null && !asked.isBlank()) {
            return asked;
        }
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            String root = System.getenv("SystemRoot");
            File folder = new File(root == null ? "C:\\Windows" : root, "System32");
            return new File(folder, WINDOWS).exists() ? WINDOWS : null;
        }
        return system.startsWith("linux") && isOnLinux() ? LINUX : null;
    }

    // Without lambdas and joined strings, whose machinery alone takes longer than all the looking in a young JVM.

    private static boolean isOnLinux() {
        String path = System.getenv("LD_LIBRARY_PATH");
        if (path != null) {
            for (String folder : path.split(File.pathSeparator)) {
                if (new File(folder, LINUX).exists()) {
                    return true;
                }
            }
        }
        for (String folder : FOLDERS) {
            if (new File(folder, LINUX).exists()) {
                return true;
            }
        }
        return isInLinkerCache(new File("/etc/ld.so.cache"));
    }

    /** The cache holds file names as plain text. */
    private static boolean isInLinkerCache(File cache) {
        if (!cache.exists()) {
            return false;
        }
        try (InputStream in = new FileInputStream(cache)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).contains(LINUX);
        } catch (IOException e) {
            return true; // cannot tell: let the linker look
        }
    }
}
