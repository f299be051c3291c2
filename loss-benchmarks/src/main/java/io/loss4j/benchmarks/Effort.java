package io.loss4j.benchmarks;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param rounds how often every entry is timed, each time in a new process
 * @param warmups iterations before those that count
 * @param iterations iterations that count
 * @param milliseconds of an iteration
 * @param threads that may work on one call
 * @param patience how long to wait before every process until the machine rests
 */
record Effort(int rounds, int warmups, int iterations, int milliseconds, int threads, Duration patience) {
    /** Starting a JVM, ND4J and the check of the results; measured on two cores, JDK 17. */
    private static final Duration START = Duration.ofMillis(3500);

    Duration estimate(int entries) {
        return START.plusMillis((long) (warmups + iterations) * milliseconds).multipliedBy((long) rounds * entries);
    }
}
