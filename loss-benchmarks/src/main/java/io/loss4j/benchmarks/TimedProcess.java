package io.loss4j.benchmarks;

import io.loss4j.backend.Backends;
import io.loss4j.backend.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/** What a timed process agrees with the process that started it. */
final class TimedProcess {
    /** How many threads may work. Loss4J reads it by itself. */
    static final String THREADS = "loss4j.cpu.threads";
    /** A file for {@link #report}. */
    static final String REPORT = "loss4j.benchmarks.report";

    private TimedProcess() {}

    /** Makes ND4J keep to the number of threads, and says what that is. */
    static int limitThreads() {
        int threads = Integer.getInteger(THREADS, Runtime.getRuntime().availableProcessors());
        Environment nd4j = Nd4j.getEnvironment();
        nd4j.setMaxThreads(threads);
        nd4j.setMaxMasterThreads(threads);
        return threads;
    }

    /** Writes what really computes: nobody outside can know. */
    static void report(Contender contender) throws IOException {
        String file = System.getProperty(REPORT);
        if (file != null) {
            Files.writeString(Path.of(file), engine(contender));
        }
    }

    private static String engine(Contender contender) {
        if (contender == Contender.COPY) {
            return "copies of buffers";
        } else if (contender.isDl4j()) {
            return Nd4j.getBackend().getClass().getSimpleName() + ", threads: "
                    + Nd4j.getEnvironment().maxMasterThreads();
        }
        return Backends.explain().verdicts().stream()
                .filter(v -> v.outcome() == Verdict.Outcome.CHOSEN)
                .map(v -> v.backend() + ": " + v.detail())
                .findFirst()
                .orElse("none");
    }
}
