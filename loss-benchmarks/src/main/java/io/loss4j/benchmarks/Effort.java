package io.loss4j.benchmarks;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param repeats how often everything is done, each time in new processes
 * @param rounds how often every entry gets its turn in a process
 * @param milliseconds of a turn
 * @param warmup milliseconds that an entry works before its first turn, at least
 * @param threads that may work on one call
 * @param patience how long to wait before every group until the machine rests
 */
record Effort(int repeats, int rounds, int milliseconds, int warmup, int threads, Duration patience) {
    /** Between two turns: threads that have worked may spin for a while. */
    static final int PAUSE = 10;

    /** Starting a JVM and ND4J and the check of the results, two at a time; measured on two cores. */
    private static final int START = 1900;

    /** Slow entries take longer than their turn, and warming up may take longer than planned. */
    private static final double SLOW = 1.25;

    Duration estimate(int entries) {
        double each = START + SLOW * (warmup + (double) rounds * (milliseconds + PAUSE));
        return Duration.ofMillis((long) (each * repeats * entries));
    }

    /** With as many rounds as fit into the time, from 3 to 40. */
    Effort within(Duration time, int entries) {
        double each = (double) time.toMillis() / repeats / entries;
        double rounds = ((each - START) / SLOW - warmup) / (milliseconds + PAUSE);
        int fitting = (int) Math.max(3, Math.min(40, Math.floor(rounds)));
        return new Effort(repeats, fitting, milliseconds, warmup, threads, patience);
    }
}
