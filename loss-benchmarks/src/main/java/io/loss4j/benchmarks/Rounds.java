package io.loss4j.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times all entries, round by round: what belongs to one workload runs in neighbouring processes, and every other round
 * goes backwards, so that a machine that gets slower or faster favours nobody. JMH alone would run all forks of one entry
 * before the next.
 */
final class Rounds {
    private static final String FAILURE = "<failure>";
    private static final String LOCKED = "Unable to acquire the JMH lock";
    private static final int MOST_ATTEMPTS = 300;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(2);
    private static final int LINES_OF_A_FAILURE = 12;

    private final List<Entry> entries;
    private final Effort effort;
    private final PrintWriter out;
    private final Map<Entry, Measurement> measurements = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    Rounds(List<Entry> entries, Effort effort, PrintWriter out) {
        this.entries = List.copyOf(entries);
        this.effort = effort;
        this.out = out;
    }

    void run() throws IOException, InterruptedException {
        int done = 0;
        for (int round = 0; round < effort.rounds(); round++) {
            List<Entry> order = new ArrayList<>(entries);
            if (round % 2 == 1) {
                Collections.reverse(order);
            }
            for (Entry entry : order) {
                done++;
                out.printf("[%d/%d] %s: ", done, entries.size() * effort.rounds(), entry);
                out.flush();
                out.println(time(entry, round));
                out.flush();
            }
        }
    }

    /** In the order of the entries. */
    List<Measurement> measurements() {
        return entries.stream()
                .filter(measurements::containsKey)
                .map(measurements::get)
                .toList();
    }

    List<String> failures() {
        return Collections.unmodifiableList(failures);
    }

    private String time(Entry entry, int round) throws IOException, InterruptedException {
        double before = OtherWork.awaitRest(effort.patience());
        Path report = Files.createTempFile("loss4j-benchmark", ".txt");
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (PrintStream printed = new PrintStream(log, true, StandardCharsets.UTF_8)) {
            Collection<RunResult> results = run(options(entry, report), entry.contender(), printed);
            Measurement measurement = measurements.computeIfAbsent(entry, e -> new Measurement(e, read(report)));
            double otherWork = Math.max(before, OtherWork.watch());
            measurement.add(round, results, otherWork);
            return measurement.round(round).asTime() + (otherWork > OtherWork.MUCH ? ", machine busy" : "");
        } catch (RunnerException | NativesMissing e) {
            failures.add(entry + ": " + cause(log.toString(StandardCharsets.UTF_8), e));
            return "failed, see below";
        } finally {
            Files.delete(report);
        }
    }

    /** What the process said after JMH's mark, or else what JMH says. */
    private static String cause(String log, Exception otherwise) {
        int mark = log.indexOf(FAILURE);
        return mark < 0
                ? String.valueOf(otherwise.getMessage())
                : log.substring(mark + FAILURE.length())
                        .strip()
                        .lines()
                        .limit(LINES_OF_A_FAILURE)
                        .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String read(Path report) {
        try {
            return Files.readString(report);
        } catch (IOException e) {
            return "unknown, " + e.getMessage();
        }
    }

    /** Waits while somebody else runs JMH on this machine. JMH starts its processes with the class path of this one. */
    private static Collection<RunResult> run(Options options, Contender contender, PrintStream log)
            throws RunnerException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        System.setProperty("java.class.path", Natives.classPath(classPath, contender));
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return new Runner(options, OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL)).run();
                } catch (RunnerException e) {
                    boolean locked = String.valueOf(e.getMessage()).contains(LOCKED);
                    if (!locked || attempt == MOST_ATTEMPTS) {
                        throw e;
                    }
                    Thread.sleep(BETWEEN_ATTEMPTS.toMillis());
                }
            }
        } finally {
            System.setProperty("java.class.path", classPath);
        }
    }

    private Options options(Entry entry, Path report) {
        Contender contender = entry.contender();
        TimeValue iteration = TimeValue.milliseconds(effort.milliseconds());
        List<String> jvm = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector", "-Xmx2g"));
        if (Runtime.version().feature() >= 24) {
            jvm.add("--enable-native-access=ALL-UNNAMED");
            jvm.add("--sun-misc-unsafe-memory-access=allow");
        }
        jvm.add("-Dorg.bytedeco.javacpp.maxbytes=0"); // no limit but the machine's
        jvm.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
        jvm.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        jvm.add("-Dloss4j.backend=cpu");
        jvm.add("-Dloss4j.cpu.simd=" + contender.simd());
        jvm.add("-D" + TimedProcess.THREADS + "=" + contender.threads(effort.threads()));
        jvm.add("-D" + TimedProcess.REPORT + "=" + report);
        jvm.addAll(Natives.jvmOptions(contender));
        return new OptionsBuilder()
                .include("^" + Pattern.quote(entry.benchmark()) + "$")
                .param("workload", entry.workload().name())
                .param("contender", contender.id)
                .forks(1)
                .warmupIterations(effort.warmups())
                .warmupTime(iteration)
                .measurementIterations(effort.iterations())
                .measurementTime(iteration)
                .shouldFailOnError(true)
                .jvmArgs(jvm.toArray(String[]::new))
                .build();
    }
}
