package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Numbers;
import io.loss4j.benchmarks.timing.Reference;
import io.loss4j.benchmarks.timing.Timed;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One contender on one workload, for JMH: {@code ./benchmark jmh -p workload=... -prof gc}. To look closely at one case,
 * with JMH's profilers; comparisons come from {@link Session}, which takes turns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls setUp first
public class LossBenchmark {
    /** Any workload by its name. */
    @Param("softmax_cross_entropy/index/4096x1000")
    public String workload = "";

    /** What is asked for. */
    @Param("value+gradient")
    public String wanted = "";

    /** The id of a contender, but for PyTorch and other natives, which need a class path of their own. */
    @Param("loss4j")
    public String contender = "";

    /** Threads that may work on one call. */
    @Param("2")
    public int threads;

    private Timed timed;

    /** JMH makes instances. */
    public LossBenchmark() {}

    /** Makes the arrays and holds the result against the reference. */
    @Setup(Level.Trial)
    public void setUp() {
        Workload work = Workload.named(workload);
        Wanted what = Wanted.named(wanted);
        timed = LossProcess.timed(Contender.named(contender), work, what, Numbers.of(work), threads);
        Reference.check(work, what, timed);
    }

    /** Puts predictions back that a loss has overwritten, outside the measured time. */
    @Setup(Level.Invocation)
    public void restore() {
        if (timed.overwritesPredictions()) {
            timed.restore();
        }
    }

    /** What was asked for. */
    @Benchmark
    public void call() {
        timed.call();
    }
}
