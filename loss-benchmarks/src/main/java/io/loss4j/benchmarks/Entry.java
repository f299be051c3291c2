package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;

/** One thing to time. */
record Entry(Workload workload, Wanted wanted, Contender contender) {
    /** The same by another contender. */
    Entry by(Contender other) {
        return new Entry(workload, wanted, other);
    }

    /** Who does not matter. */
    String question() {
        return workload.name() + " " + wanted;
    }

    @Override
    public String toString() {
        return question() + " " + contender;
    }
}
