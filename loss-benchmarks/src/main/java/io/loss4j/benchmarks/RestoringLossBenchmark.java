package io.loss4j.benchmarks;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;

/**
 * The same for losses that overwrite their predictions: these are put back before every call, outside the time that is
 * measured, so that every call works on the same numbers.
 */
public class RestoringLossBenchmark extends LossBenchmark {
    /** JMH makes instances. */
    public RestoringLossBenchmark() {}

    @Override
    boolean restoresPredictions() {
        return true;
    }

    /** Puts the predictions back. */
    @Setup(Level.Invocation)
    public void restore() {
        restorePredictions();
    }
}
