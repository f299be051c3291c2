package io.loss4j.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * All that one run found out.
 *
 * @param provenance where the numbers come from
 * @param effort how long was measured
 * @param pytorch its version, or "none"
 * @param measurements in the order of the plan
 * @param bars that were to be reached
 * @param wrong what was not timed because its result is wrong
 * @param skipped contenders that this machine does not have, and why
 * @param failures what could not be timed, and why
 * @param otherWork how busy the machine was with other things, at most
 */
record Run(
        Provenance provenance,
        Effort effort,
        String pytorch,
        List<Measurement> measurements,
        List<Bar> bars,
        List<String> wrong,
        List<String> skipped,
        List<String> failures,
        double otherWork) {
    static final List<String> CONDITIONS = List.of(
            "Value and gradient from one call unless the table says otherwise; FLOAT unless a name ends in a type; arrays off"
                    + " the heap, the same numbers for every contender, in arrays of its own.",
            "Every entry has a process of its own, which first holds its result against the double formula: value and"
                    + " gradient to 1e-3, HALF to 2e-3, BFLOAT16 to 2e-2.",
            "The processes of a group wait side by side, warmed up until they get no faster, and work in turns of some"
                    + " milliseconds, every other round backwards. A time is the mean of one turn; a ratio is that of two"
                    + " turns of one round. Tables show the median over the rounds and, in brackets, what all but a tenth of"
                    + " them exceed and stay below.",
            "Loss4J and Deeplearning4j are called through the same method of ILossFunction, with the layer's activation, in"
                    + " an ND4J workspace that does not grow, as losses are in a network; so nobody pays for fresh memory."
                    + " Where Deeplearning4j overwrites the predictions they are put back outside the measured time.",
            "PyTorch computes the functional loss with reduction sum and then the gradient of the predictions by autograd, in"
                    + " tensors of its own. Losses that it lacks are composed of its operations. Its allocator keeps what"
                    + " is freed (glibc's MALLOC_MMAP_MAX_=0 and a trim threshold of 16 GiB), so that it does not pay for"
                    + " fresh memory either.",
            "The copy reads predictions and labels and writes a gradient with as many threads: no loss can be faster.");

    /** A warning about a busy machine, or an empty text. */
    String caution() {
        return otherWork <= OtherWork.MUCH
                ? ""
                : String.format(
                        Locale.ROOT,
                        "Before or after a group the machine was up to %.0f %% busy with other things: the times are"
                                + " provisional, the ratios less so. Threads that wait for each other, as those of ND4J do,"
                                + " suffer most from it.",
                        100 * otherWork);
    }

    List<Comparison> comparisons() {
        return Comparison.of(measurements);
    }

    Optional<Measurement> of(Entry entry) {
        return measurements.stream().filter(m -> m.entry.equals(entry)).findFirst();
    }

    /** What a bar compares: ratios, or microseconds; empty if one of the two was not timed. */
    Optional<Times> found(Bar bar) {
        Optional<Measurement> ours = of(bar.ours());
        Optional<Measurement> other = of(bar.other());
        if (ours.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        return switch (bar.kind()) {
            case FASTER -> Comparison.ratio(other.get(), ours.get());
            case WITHIN -> Comparison.ratio(ours.get(), other.get());
            case TIME -> Optional.of(ours.get().times());
        };
    }
}
