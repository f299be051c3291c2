package io.loss4j.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How the JVM of a contender is started: options, class path, environment; and whether it can be. */
final class ContenderJvm {
    private static final String PYTORCH = "io.loss4j.benchmarks.pytorch.PytorchProcess";

    /**
     * Lets glibc keep what PyTorch frees. By default every large array comes from the system anew, page by page, which may
     * take longer than the loss; people who train with PyTorch for long do the same.
     */
    private static final Map<String, String> ALLOCATOR = Map.of(
            "MALLOC_MMAP_MAX_", "0",
            "MALLOC_TRIM_THRESHOLD_", "17179869184",
            "MALLOC_TOP_PAD_", "67108864",
            "MALLOC_ARENA_MAX", "1");

    private final Path checkout;

    ContenderJvm(Path checkout) {
        this.checkout = checkout;
    }

    /** Why a contender cannot take part on this machine, with the remedy; empty if it can. */
    Optional<String> obstacle(Contender contender) {
        try {
            if (contender == Contender.DL4J_AVX512 && lacks("avx512f")
                    || contender == Contender.DL4J_AVX2 && lacks("avx2")) {
                return Optional.of("this processor cannot run them");
            }
            classPath(contender);
            return Optional.empty();
        } catch (NativesMissing e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Only Linux tells. */
    private static boolean lacks(String feature) {
        Path info = Path.of("/proc/cpuinfo");
        try (Stream<String> lines = Files.isReadable(info) ? Files.lines(info) : Stream.empty()) {
            Optional<String> flags = lines.filter(l -> l.startsWith("flags")).findFirst();
            return flags.isPresent() && !flags.get().contains(" " + feature);
        } catch (IOException e) {
            return false;
        }
    }

    private String classPath(Contender contender) {
        return contender == Contender.PYTORCH
                ? pytorch()
                : Natives.classPath(System.getProperty("java.class.path"), contender);
    }

    private String pytorch() {
        Path target = checkout.resolve("loss-benchmarks").resolve("pytorch").resolve("target");
        try (Stream<Path> files = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            Path jar = files.filter(
                            f -> f.getFileName().toString().matches("loss-benchmarks-pytorch-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new NativesMissing("it is not here; ./benchmark fetches it where Maven Central"
                            + " can be reached and has it for this platform"));
            String libraries = Files.readString(target.resolve("classpath.txt")).strip();
            return jar + File.pathSeparator + libraries;
        } catch (IOException e) {
            throw new NativesMissing("its class path cannot be read, " + e.getMessage());
        }
    }

    /** Its PyTorch, such as {@code 2.10.0-1.5.13}; empty if there is none. */
    Optional<String> pytorchVersion() {
        try {
            return Stream.of(pytorch().split(File.pathSeparator))
                    .map(entry -> new File(entry).getName())
                    .filter(name -> name.matches("pytorch-[0-9.]+-[0-9.]+\\.jar"))
                    .map(name -> name.substring("pytorch-".length(), name.length() - ".jar".length()))
                    .findFirst();
        } catch (NativesMissing e) {
            return Optional.empty();
        }
    }

    /**
     * Ready to start.
     *
     * @param more options of the JVM
     * @throws NativesMissing where {@link #obstacle} has something to say
     */
    ProcessBuilder process(Entry entry, int threads, List<String> more) {
        Contender contender = entry.contender();
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(options(contender, threads));
        command.addAll(more);
        command.add("-cp");
        command.add(classPath(contender));
        if (contender == Contender.PYTORCH) {
            command.add(PYTORCH);
        } else {
            command.add(LossProcess.class.getName());
            command.add(contender.id);
        }
        command.add(entry.workload().name());
        command.add(entry.wanted().toString());
        command.add(String.valueOf(contender.threads(threads)));
        ProcessBuilder builder = new ProcessBuilder(command);
        if (contender == Contender.PYTORCH) {
            builder.environment().putAll(ALLOCATOR);
        }
        return builder;
    }

    /** A program of this module that measures Loss4J in another way, ready to start. */
    ProcessBuilder program(Class<?> main, Contender contender, int threads, List<String> more, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(options(contender, threads));
        command.addAll(more);
        command.add("-cp");
        command.add(classPath(contender));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<String> options(Contender contender, int threads) {
        List<String> options = new ArrayList<>(List.of("-Xmx3g"));
        boolean quiet = Runtime.version().feature() >= 24;
        if (quiet) {
            options.add("--enable-native-access=ALL-UNNAMED");
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        options.add("-Dorg.bytedeco.javacpp.maxbytes=0"); // no limit but the machine's
        options.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
        if (contender == Contender.PYTORCH) {
            return options;
        }
        options.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        options.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        options.add("-Dloss4j.backend=cpu");
        options.add("-Dloss4j.cpu.simd=" + contender.simd());
        options.add("-Dloss4j.cpu.threads=" + contender.threads(threads));
        options.addAll(Natives.jvmOptions(contender));
        return options;
    }
}
