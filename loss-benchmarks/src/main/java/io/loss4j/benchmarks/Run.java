package io.loss4j.benchmarks;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * All that one run found out.
 *
 * @param command as typed
 * @param started when
 * @param commit of the checkout
 * @param effort how long was measured
 * @param measurements in the order of the entries
 * @param failures what could not be timed, and why
 */
record Run(
        String command,
        Instant started,
        String commit,
        Effort effort,
        List<Measurement> measurements,
        List<String> failures) {
    static final List<String> CONDITIONS = List.of(
            "FLOAT, arrays off the heap, the same numbers for every contender, in arrays of its own.",
            "Every process first holds its results against the double formula, values and gradients to 1e-3.",
            "Every call runs inside an ND4J workspace that does not grow, as losses do in a network; so nobody pays for"
                    + " fresh memory.",
            "Loss4J and Deeplearning4j are called through the same method of ILossFunction, with the layer's activation.",
            "Where Deeplearning4j overwrites the predictions they are put back between calls, outside the measured time.",
            "Times are microseconds per call, averages over an iteration; a table shows the median and the extremes of"
                    + " all iterations of all rounds.",
            "Every round times every contender in a process of its own, those of one workload right after each other,"
                    + " every other round in reverse; a ratio is that of the medians of one round, and a table shows the"
                    + " median and the extremes over the rounds.");

    /** How busy the machine was with other things, at most; 0 if unknown. */
    double otherWork() {
        return measurements.stream()
                .flatMapToDouble(m -> m.rounds().stream().mapToDouble(m::otherWork))
                .filter(w -> !Double.isNaN(w))
                .max()
                .orElse(0);
    }

    /** A warning about a busy machine, or an empty text. */
    String caution() {
        return otherWork() <= OtherWork.MUCH
                ? ""
                : String.format(
                        Locale.ROOT,
                        "The machine was up to %.0f %% busy with other things: these numbers are provisional. Threads that"
                                + " wait for each other, as those of ND4J do, suffer most from it.",
                        100 * otherWork());
    }

    List<Comparison> comparisons() {
        return Comparison.of(measurements);
    }
}
