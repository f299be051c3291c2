package io.loss4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The results of a program that prints them in lines with a mark, because native code prints too. */
final class MarkedLines {
    private MarkedLines() {}

    /**
     * Runs it to its end.
     *
     * @param each gets every line without the mark, as it comes
     * @return the same lines
     * @throws IOException if the program fails; its messages are on this process's standard error
     */
    static List<String> of(ProcessBuilder program, String mark, Consumer<String> each)
            throws IOException, InterruptedException {
        Process process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> marked = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(mark)) {
                    marked.add(line.substring(mark.length()));
                    each.accept(line.substring(mark.length()));
                }
            }
        } finally {
            process.destroy();
        }
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("the measuring program ended with code " + code);
        }
        return marked;
    }
}
