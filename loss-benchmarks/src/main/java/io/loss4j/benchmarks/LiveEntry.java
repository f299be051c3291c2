package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.TimedProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A running process with one entry, waiting to be timed; the outside of {@link TimedProcess}. */
final class LiveEntry implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String END = "";
    private static final int LINES_OF_A_FAILURE = 12;
    private static final double NANOSECONDS = 1000;

    final Entry entry;
    private final Process process;
    private final Path errors;
    private final Writer orders;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private String engine = "unknown";

    /** A contender does not compute what the formula says, or cannot work. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        /** Whether it computes something wrong, rather than nothing. */
        final boolean wrong;

        Unfit(String message, boolean wrong) {
            super(message);
            this.wrong = wrong;
        }
    }

    /** Starts the process; {@link #awaitReady} tells what became of it. */
    LiveEntry(Entry entry, ContenderJvm jvm, int threads, List<String> options) throws IOException {
        this.entry = entry;
        this.errors = Files.createTempFile("loss4j-benchmark", ".txt");
        this.process = jvm.process(entry, threads, options)
                .redirectError(errors.toFile())
                .start();
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "answers of " + entry);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(TimedProcess.MARK)) {
                    answers.add(line.substring(TimedProcess.MARK.length()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            answers.add(END);
        }
    }

    /** Until the arrays are there and the first result has been found right. */
    void awaitReady() throws Unfit, InterruptedException {
        String answer = answer();
        if (!answer.startsWith(TimedProcess.READY)) {
            boolean wrong = answer.startsWith(TimedProcess.WRONG);
            throw new Unfit(answer.substring(answer.indexOf(' ') + 1), wrong);
        }
        engine = answer.substring(TimedProcess.READY.length());
    }

    /** What really computes, by its own words. */
    String engine() {
        return engine;
    }

    /** Works for so long; microseconds per call. */
    double time(int milliseconds) throws Unfit, InterruptedException {
        String[] numbers = ask("time " + milliseconds);
        return Double.parseDouble(numbers[1]) / Double.parseDouble(numbers[0]) / NANOSECONDS;
    }

    /** Bytes of Java heap that a call takes, by the counter of the thread that calls. */
    double bytesPerCall(int calls) throws Unfit, InterruptedException {
        String[] numbers = ask("bytes " + calls);
        return Double.parseDouble(numbers[1]) / Double.parseDouble(numbers[0]);
    }

    /** The lines of its standard error so far, where reports of the JVM may go. */
    List<String> errors() throws IOException {
        return Files.readAllLines(errors);
    }

    private String[] ask(String order) throws Unfit, InterruptedException {
        try {
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new Unfit("the process has gone: " + lastErrors(), false);
        }
        String answer = answer();
        if (!Character.isDigit(answer.charAt(0))) {
            throw new Unfit(answer.substring(answer.indexOf(' ') + 1), false);
        }
        return answer.split(" ");
    }

    private String answer() throws Unfit, InterruptedException {
        String answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (answer == null) {
            throw new Unfit("no answer for " + PATIENCE.toSeconds() + " s", false);
        } else if (answer.equals(END)) {
            throw new Unfit("the process has ended: " + lastErrors(), false);
        }
        return answer;
    }

    private String lastErrors() {
        try {
            List<String> lines = Files.readAllLines(errors);
            return lines.stream()
                    .skip(Math.max(0, lines.size() - LINES_OF_A_FAILURE))
                    .collect(Collectors.joining(System.lineSeparator()));
        } catch (IOException e) {
            return "it left no message";
        }
    }

    /** Ends the process, if it does not do so by itself. */
    @Override
    public void close() throws IOException {
        try {
            orders.close();
        } catch (IOException e) {
            // it has ended already
        }
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(errors);
    }
}
