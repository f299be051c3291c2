package io.loss4j.benchmarks;

/** One thing to time. */
record Entry(Workload workload, Wanted wanted, Contender contender) {
    /** The method with all its parameters, as JMH finds it. */
    String benchmark() {
        Class<?> state = contender.overwritesPredictions(workload) ? RestoringLossBenchmark.class : LossBenchmark.class;
        return state.getName() + "." + wanted.method;
    }

    @Override
    public String toString() {
        return workload + " " + wanted + " " + contender;
    }
}
