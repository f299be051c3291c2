package io.loss4j.benchmarks;

import io.loss4j.backend.Backends;
import io.loss4j.backend.Verdict;
import io.loss4j.benchmarks.timing.Numbers;
import io.loss4j.benchmarks.timing.Timed;
import io.loss4j.benchmarks.timing.TimedProcess;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.dl4j.Dl4jLosses;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/** A process that times Loss4J, Deeplearning4j or the copy: whatever works on arrays of ND4J. */
final class LossProcess {
    /** Of the gradient's size: what one call takes from its workspace at most. */
    private static final int ARRAYS_OF_LOSS4J = 2;

    private static final int ARRAYS_OF_DL4J = 12;

    private LossProcess() {}

    /** Contender, then what {@link TimedProcess} wants. */
    public static void main(String[] arguments) throws IOException {
        Contender contender = Contender.named(arguments[0]);
        TimedProcess.serve(
                Arrays.copyOfRange(arguments, 1, arguments.length),
                (workload, wanted, numbers, threads) -> timed(contender, workload, wanted, numbers, threads));
        System.exit(0); // whatever threads ND4J has left
    }

    static Timed timed(Contender contender, Workload workload, Wanted wanted, Numbers numbers, int threads) {
        limitThreads(threads);
        Batch batch = Batch.of(workload, numbers);
        if (contender == Contender.COPY) {
            return new Copy(workload, wanted, batch, threads);
        } else if (contender.isDl4j()) {
            BuiltIn builtIn =
                    Objects.requireNonNull(BuiltIn.of(workload), "Deeplearning4j has nothing for " + workload);
            return new LossCall(workload, wanted, batch, builtIn, ARRAYS_OF_DL4J, nd4j());
        }
        BuiltIn ours = new BuiltIn(Dl4jLosses.of(workload.spec()), false);
        return new LossCall(workload, wanted, batch, ours, ARRAYS_OF_LOSS4J, cpu());
    }

    /** Makes ND4J keep to the number of threads; Loss4J has read it from its property. */
    private static void limitThreads(int threads) {
        Environment nd4j = Nd4j.getEnvironment();
        nd4j.setMaxThreads(threads);
        nd4j.setMaxMasterThreads(threads);
    }

    private static String nd4j() {
        return Nd4j.getBackend().getClass().getSimpleName() + ", "
                + Nd4j.getEnvironment().maxMasterThreads() + " threads";
    }

    /** What really computes: nobody outside can know. */
    private static String cpu() {
        return Backends.explain().verdicts().stream()
                .filter(v -> v.outcome() == Verdict.Outcome.CHOSEN)
                .map(v -> v.backend() + ": " + v.detail())
                .findFirst()
                .orElse("none");
    }
}
