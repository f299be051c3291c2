package io.loss4j.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** The times of one entry in all rounds. */
final class Measurement {
    final Entry entry;
    /** What really computed, by the report of the process itself. */
    final String engine;

    private final List<Double> rounds = new ArrayList<>();

    Measurement(Entry entry, String engine) {
        this.entry = entry;
        this.engine = engine;
    }

    /** Microseconds per call in the next round; NaN if it failed. */
    void add(double microseconds) {
        rounds.add(microseconds);
    }

    /** Whether there is any time. */
    boolean isEmpty() {
        return rounds.stream().allMatch(r -> Double.isNaN(r));
    }

    /** Microseconds per call, round by round. */
    double[] rounds() {
        return rounds.stream().mapToDouble(r -> r).toArray();
    }

    /** All of them. */
    Times times() {
        return new Times(rounds.stream()
                .mapToDouble(r -> r)
                .filter(r -> !Double.isNaN(r))
                .toArray());
    }
}
