package io.loss4j.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One contender on one workload. Every call runs inside a workspace, as every loss in a network does; outside, fresh memory
 * costs some 10 us per 4 KiB page on first use, and large gradients would measure the allocator. The workspace refuses to
 * grow, so that nothing is taken from outside unnoticed. {@link Main} starts this in alternation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class LossBenchmark {
    private static final String WORKSPACE = "LOSS";
    private static final long SMALL_THINGS = 1 << 20;

    /** The name of a workload. */
    @Param("softmax_cross_entropy/index/4096x1000")
    public String workload = "";

    /** The id of a contender. */
    @Param("loss4j")
    public String contender = "";

    private WorkspaceConfiguration workspace;
    private Timed timed;
    private Batch batch;

    /** JMH makes instances. */
    public LossBenchmark() {}

    /**
     * Makes the arrays and holds the results against the reference.
     *
     * @throws IOException if the report on this process cannot be written
     */
    @Setup(Level.Trial)
    public void setUp() throws IOException {
        int threads = TimedProcess.limitThreads();
        Workload work = Workload.named(workload);
        Contender who = Contender.named(contender);
        workspace = WorkspaceConfiguration.builder()
                .initialSize(who.arrays() * work.elements() * Float.BYTES + SMALL_THINGS)
                .policyAllocation(AllocationPolicy.STRICT)
                .policyLearning(LearningPolicy.NONE)
                .policySpill(SpillPolicy.FAIL)
                .build();
        batch = Batch.of(work);
        timed = who.timed(work, batch, threads);
        for (Wanted wanted : Wanted.values()) {
            check(wanted);
        }
        TimedProcess.report(who);
    }

    @SuppressWarnings("try")
    private void check(Wanted wanted) {
        try (MemoryWorkspace scope = enter()) {
            timed.check(wanted);
        }
        if (!batch.isIntact()) {
            if (!restoresPredictions()) {
                throw new IllegalStateException(contender + " overwrites the predictions of " + workload
                        + "; time it with " + RestoringLossBenchmark.class.getSimpleName());
            }
            batch.restore();
        }
    }

    boolean restoresPredictions() {
        return false;
    }

    final void restorePredictions() {
        batch.restore();
    }

    private MemoryWorkspace enter() {
        return Nd4j.getWorkspaceManager().getAndActivateWorkspace(workspace, WORKSPACE);
    }

    /** Both from one call. */
    @Benchmark
    @SuppressWarnings("try")
    public Pair<Double, INDArray> valueAndGradient() {
        try (MemoryWorkspace scope = enter()) {
            return timed.valueAndGradient();
        }
    }

    /** The sum over all rows. */
    @Benchmark
    @SuppressWarnings("try")
    public double value() {
        try (MemoryWorkspace scope = enter()) {
            return timed.value();
        }
    }

    /** The derivative of the sum by the predictions. */
    @Benchmark
    @SuppressWarnings("try")
    public INDArray gradient() {
        try (MemoryWorkspace scope = enter()) {
            return timed.gradient();
        }
    }
}
