package io.loss4j.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.loss4j.benchmarks.scaling.HugeArrayProcess;
import io.loss4j.benchmarks.scaling.ScalingProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code ./benchmark --scaling}: whether time grows with the elements and not faster, and whether 2^31 are too many. */
final class ScalingReport {
    private static final double LINEAR = 1.15;
    private static final int MOST = 28;
    private static final int HUGE = 31;
    private static final double GIB = 1L << 30;
    /** Predictions, labels and gradient. */
    private static final int ARRAYS = 3;

    private static final double ROOM_FOR_THE_REST = 1.5;

    private final ContenderJvm jvm;
    private final Provenance provenance;
    private final int threads;
    private final PrintWriter out;
    private final StringBuilder text = new StringBuilder();

    ScalingReport(ContenderJvm jvm, Provenance provenance, int threads, PrintWriter out) {
        this.jvm = jvm;
        this.provenance = provenance;
        this.threads = threads;
        this.out = out;
    }

    /** False if a result is wrong. */
    boolean write(Path folder) throws IOException, InterruptedException {
        text.append("# Time by the number of elements\n\n").append(provenance.markdown());
        text.append("Value and gradient, FLOAT, ")
                .append(threads)
                .append(
                        " threads, median of 7 turns of at least 120 ms in one process, all sizes in turns; in brackets the"
                                + " second smallest and second largest. Small arrays stay in the caches, large ones come from"
                                + " memory.\n\n");
        int power = largest();
        linear("softmax", "softmax cross-entropy, class indices, rows of 1024", power);
        linear("sigmoid", "sigmoid cross-entropy, one column", power);
        boolean right = huge();
        Files.createDirectories(folder);
        Path file = folder.resolve("scaling-" + Runtime.version().feature() + ".md");
        Files.writeString(file, text);
        out.println("wrote " + file);
        out.flush();
        return right;
    }

    private void linear(String loss, String title, int power) throws IOException, InterruptedException {
        ProcessBuilder program =
                jvm.program(ScalingProcess.class, Contender.LOSS4J, threads, List.of(), loss, String.valueOf(power));
        List<double[]> sizes = new ArrayList<>();
        for (String line : MarkedLines.of(program, ScalingProcess.MARK, l -> {})) {
            sizes.add(
                    Stream.of(line.split("\t")).mapToDouble(Double::parseDouble).toArray());
        }
        double[] last = sizes.get(sizes.size() - 1);
        TextTable table = new TextTable(0, List.of("elements", "time", "ns per element", "of that of the largest"));
        for (double[] size : sizes) {
            table.add(List.of(
                    String.format(Locale.ROOT, "%,d", (long) size[0]),
                    new Times(size[0] * size[1] / 1000).asTime().replaceAll(" \\(.*", ""),
                    String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", size[1], size[2], size[3]),
                    Times.digits(size[1] / last[1])));
        }
        double worst = sizes.stream().mapToDouble(s -> last[1] / s[1]).max().orElse(1);
        double best = sizes.stream().mapToDouble(s -> s[1] / last[1]).max().orElse(1);
        String verdict = String.format(
                Locale.ROOT,
                "Per element the largest array takes %.2f times the time of the cheapest, and the dearest %.2f times that of"
                        + " the largest: %s within 15 %%.",
                worst,
                best,
                worst <= LINEAR && best <= LINEAR ? "linear" : "not linear");
        out.println(title);
        out.println(table.ascii());
        out.println(verdict);
        out.flush();
        text.append("## ").append(title).append("\n\n").append(table.markdown());
        text.append("\n").append(verdict).append("\n\n");
    }

    private boolean huge() throws IOException, InterruptedException {
        text.append("## More than 2^31 elements\n\n");
        double needed = ARRAYS * 2 * (1L << HUGE) / GIB + ROOM_FOR_THE_REST;
        if (free() < needed) {
            say(String.format(Locale.ROOT, "Left out: it takes %.1f GiB and %.1f are free.", needed, free()));
            return true;
        }
        ProcessBuilder program =
                jvm.program(HugeArrayProcess.class, Contender.LOSS4J, threads, List.of(), String.valueOf(HUGE));
        List<String> said = new ArrayList<>();
        try {
            MarkedLines.of(program, HugeArrayProcess.MARK, said::add);
        } catch (IOException e) {
            said.forEach(this::say);
            say("Failed: " + e.getMessage());
            return false;
        }
        said.forEach(this::say);
        return true;
    }

    private void say(String sentence) {
        out.println(sentence);
        text.append(sentence).append("\n");
    }

    /** So that the arrays of all sizes and their gradients fit. */
    private static int largest() {
        int power = MOST;
        while (power > 20 && ARRAYS * 1.4 * Float.BYTES * (1L << power) / GIB + ROOM_FOR_THE_REST > free()) {
            power -= 2;
        }
        return power;
    }

    /** GiB that may be had; Linux counts caches that it would give up, elsewhere only what is unused. */
    private static double free() {
        Path info = Path.of("/proc/meminfo");
        try (Stream<String> lines = Files.isReadable(info) ? Files.lines(info) : Stream.empty()) {
            return lines.filter(l -> l.startsWith("MemAvailable"))
                    .mapToDouble(l -> Double.parseDouble(l.replaceAll("\\D", "")) * 1024 / GIB)
                    .findFirst()
                    .orElseGet(ScalingReport::unused);
        } catch (IOException e) {
            return unused();
        }
    }

    private static double unused() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? os.getFreeMemorySize() / GIB
                : 0;
    }
}
