package io.loss4j.benchmarks;

import io.loss4j.benchmarks.accuracy.AccuracyProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./benchmark --accuracy}: the error of every kernel, with SIMD and without. */
final class AccuracyReport {
    private static final String TEXT = """
            How far single precision is from the formula in double, in units in the last place (ulp) of the right number; \
            0.5 is what rounding alone costs. 300 000 pairs of prediction and label per elementwise loss, drawn from where \
            it is defined: logits and residuals up to 1e4 in size and down to 1e-6, probabilities near both ends, labels 0 \
            and 1 where that is what they are. Softmax losses: 100 000 logits in rows of 2, 3, 10, 100 and 1000 with a \
            spread of 3, moved by up to 100, and class indices.

            Large numbers of ulp stand where the right number is close to 0 because two nearly equal numbers are \
            subtracted, of which prediction and label are only known to single precision themselves; the last columns say \
            at which prediction and label (softmax: right number and number of classes). A loss at 0.5 in all columns of \
            worst errors runs by its formula. Results below 2^-126, the smallest normal float, may be flushed to 0 and \
            are counted in units of it; 2^24 (1.678e7) means that a factor of a larger result was flushed.

            """;

    private final ContenderJvm jvm;
    private final Provenance provenance;
    private final PrintWriter out;

    AccuracyReport(ContenderJvm jvm, Provenance provenance, PrintWriter out) {
        this.jvm = jvm;
        this.provenance = provenance;
        this.out = out;
    }

    void write(Path folder) throws IOException, InterruptedException {
        Map<String, List<String>> simd = measure(Contender.LOSS4J);
        Map<String, List<String>> scalar = measure(Contender.LOSS4J_SCALAR);
        TextTable table = new TextTable(
                1,
                List.of(
                        "loss",
                        "value: SIMD worst",
                        "mean",
                        "scalar worst",
                        "mean",
                        "gradient: SIMD worst",
                        "mean",
                        "scalar worst",
                        "mean",
                        "worst value at",
                        "worst gradient at"));
        simd.forEach((loss, with) -> {
            List<String> without = scalar.getOrDefault(loss, with);
            List<String> row = new ArrayList<>(List.of(loss));
            row.addAll(List.of(with.get(0), with.get(1), without.get(0), without.get(1)));
            row.addAll(List.of(with.get(3), with.get(4), without.get(3), without.get(4)));
            row.addAll(List.of(with.get(2), with.get(5)));
            table.add(row);
        });
        out.println(table.ascii());
        Files.createDirectories(folder);
        Path file = folder.resolve("accuracy.md");
        Files.writeString(file, "# Accuracy of the kernels\n\n" + provenance.markdown() + TEXT + table.markdown());
        out.println("wrote " + file);
        out.flush();
    }

    private Map<String, List<String>> measure(Contender contender) throws IOException, InterruptedException {
        Map<String, List<String>> found = new LinkedHashMap<>();
        ProcessBuilder program = jvm.program(AccuracyProcess.class, contender, 2, List.of());
        for (String line : MarkedLines.of(program, AccuracyProcess.MARK, l -> {})) {
            List<String> cells = Arrays.asList(line.split("\t", -1));
            found.put(cells.get(0), cells.subList(1, cells.size()));
        }
        return found;
    }
}
