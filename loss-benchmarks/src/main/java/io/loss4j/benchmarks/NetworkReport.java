package io.loss4j.benchmarks;

import io.loss4j.benchmarks.networks.NetworkProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code ./benchmark --networks}: what the loss takes of a training step. */
final class NetworkReport {
    private static final int TURN = 400;
    private static final int EXAMPLES = 60_000;
    private static final double MILLISECONDS = 1000;

    private final ContenderJvm jvm;
    private final Provenance provenance;
    private final int threads;
    private final PrintWriter out;

    NetworkReport(ContenderJvm jvm, Provenance provenance, int threads, PrintWriter out) {
        this.jvm = jvm;
        this.provenance = provenance;
        this.threads = threads;
        this.out = out;
    }

    void write(Path folder) throws IOException, InterruptedException {
        TextTable table = new TextTable(
                1,
                List.of(
                        "network",
                        "step with built-in",
                        "in the loss",
                        "share",
                        "step with Loss4J",
                        "in the loss",
                        "share",
                        "built-in : Loss4J",
                        "epoch of 60 000: built-in",
                        "Loss4J"));
        ProcessBuilder program =
                jvm.program(NetworkProcess.class, Contender.LOSS4J, threads, List.of(), String.valueOf(TURN));
        for (String line : MarkedLines.of(program, NetworkProcess.MARK, l -> {})) {
            String[] cells = line.split("\t");
            double batch = Double.parseDouble(cells[1]);
            double builtIn = Double.parseDouble(cells[2]);
            double inBuiltIn = Double.parseDouble(cells[3]);
            double ours = Double.parseDouble(cells[4]);
            double inOurs = Double.parseDouble(cells[5]);
            table.add(List.of(
                    cells[0],
                    time(builtIn),
                    time(inBuiltIn),
                    share(inBuiltIn / builtIn),
                    time(ours),
                    time(inOurs),
                    share(inOurs / ours),
                    Times.digits(builtIn / ours),
                    seconds(builtIn, batch),
                    seconds(ours, batch)));
        }
        String text = """
                Training by `fit`, one batch of made-up data again and again, with Deeplearning4j's own loss and with ours, \
                in turns of %d ms in one process; medians of 9 turns. A step is everything: forward, loss, backward, \
                updater. In the loss: one gradient and one score, which is what Deeplearning4j asks for per step. %d threads.

                """;
        out.println(table.ascii());
        Files.createDirectories(folder);
        Path file = folder.resolve("networks-" + Runtime.version().feature() + ".md");
        Files.writeString(
                file,
                "# The loss in whole networks\n\n" + provenance.markdown() + text.formatted(TURN, threads)
                        + table.markdown());
        out.println("wrote " + file);
        out.flush();
    }

    private static String time(double milliseconds) {
        return milliseconds < 1
                ? Times.digits(milliseconds * MILLISECONDS) + " us"
                : Times.digits(milliseconds) + " ms";
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String seconds(double step, double batch) {
        return Times.digits(step * EXAMPLES / batch / MILLISECONDS) + " s";
    }
}
