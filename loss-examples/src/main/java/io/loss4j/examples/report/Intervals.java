package io.loss4j.examples.report;

import io.loss4j.examples.comparison.Interval;

/** Intervals in words. */
final class Intervals {
    private Intervals() {}

    static String words(Interval interval) {
        return Labels.three(interval.mean()) + " (" + range(interval) + ")";
    }

    static String range(Interval interval) {
        return Labels.three(interval.low()) + " to " + Labels.three(interval.high());
    }

    static String signedRange(Interval interval) {
        return Labels.signed(interval.low()) + " to " + Labels.signed(interval.high());
    }
}
