package io.loss4j.cuda.driver;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the driver is, as far as looking at files can tell: most machines have none, and starting JNA only to hear that
 * takes 50 times as long.
 */
final class DriverFiles {
    static final String PROPERTY = "loss4j.cuda.library";
    private static final String LINUX = "libcuda.so.1";
    private static final String WINDOWS = "nvcuda.dll";

    /** Where Linux distributions, containers, WSL and Jetson keep it, beyond what the linker's cache lists. */
    private static final List<String> FOLDERS = List.of(
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
            "/run/opengl-driver/lib");

    private DriverFiles() {}

    /** The library to load: the property, or the driver's usual name; null if there is no driver. */
    static @Nullable String library() {
        String asked = System.getProperty(PROPERTY);
        if (asked != null && !asked.isBlank()) {
            return asked;
        }
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            String root = System.getenv("SystemRoot");
            return Files.exists(Path.of(root == null ? "C:\\Windows" : root, "System32", WINDOWS)) ? WINDOWS : null;
        }
        return system.startsWith("linux") && isOnLinux() ? LINUX : null;
    }

    private static boolean isOnLinux() {
        String path = System.getenv("LD_LIBRARY_PATH");
        Stream<String> first = path == null ? Stream.empty() : Stream.of(path.split(File.pathSeparator));
        return Stream.concat(first, FOLDERS.stream()).anyMatch(folder -> new File(folder, LINUX).exists())
                || isInLinkerCache(Path.of("/etc/ld.so.cache"));
    }

    /** The cache holds file names as plain text. */
    private static boolean isInLinkerCache(Path cache) {
        try {
            return Files.exists(cache)
                    && new String(Files.readAllBytes(cache), StandardCharsets.ISO_8859_1).contains(LINUX);
        } catch (IOException e) {
            return true; // cannot tell: let the linker look
        }
    }
}
