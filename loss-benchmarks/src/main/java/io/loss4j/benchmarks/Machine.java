package io.loss4j.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where and with what was measured. Says nothing about folders or names of the machine. */
final class Machine {
    private Machine() {}

    static Map<String, Object> describe() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", cpu());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("memoryGiB", memory());
        machine.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        return machine;
    }

    static Map<String, Object> jdk() {
        Map<String, Object> jdk = new LinkedHashMap<>();
        jdk.put("version", System.getProperty("java.version"));
        jdk.put("vm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        jdk.put("vendor", System.getProperty("java.vendor"));
        return jdk;
    }

    private static String cpu() {
        Path info = Path.of("/proc/cpuinfo");
        try (Stream<String> lines = Files.isReadable(info) ? Files.lines(info) : Stream.empty()) {
            return lines.filter(l -> l.startsWith("model name"))
                    .findFirst()
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .orElseGet(() -> otherwise());
        } catch (IOException e) {
            return otherwise();
        }
    }

    /** Windows has it in a variable; elsewhere only the architecture is known without further tools. */
    private static String otherwise() {
        String identifier = System.getenv("PROCESSOR_IDENTIFIER");
        return identifier == null ? System.getProperty("os.arch") : identifier;
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? Math.round(os.getTotalMemorySize() / (double) (1 << 30))
                : 0;
    }

    /** From the {@code pom.properties} that Maven leaves in every jar. */
    static String versionOf(Class<?> inside, String groupId, String artifactId) {
        Properties pom = new Properties();
        try (InputStream in =
                inside.getResourceAsStream("/META-INF/maven/" + groupId + "/" + artifactId + "/pom.properties")) {
            if (in != null) {
                pom.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return pom.getProperty("version", "unknown");
    }

    static String nd4j() {
        return versionOf(INDArray.class, "org.nd4j", "nd4j-api");
    }

    /** What {@code git describe} says about the checkout, or "unknown". */
    static String commit(Path checkout) {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
                    .directory(checkout.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 && !said.isEmpty() ? said : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
