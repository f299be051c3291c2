package io.loss4j.benchmarks;

import java.util.Locale;

/**
 * What Loss4J is to reach on a workload.
 *
 * @param kind what is compared
 * @param ours the entry of Loss4J
 * @param other what it is held against, timed in the same rounds; for a time the entry itself
 * @param on17 the bar up to JDK 24
 * @param on25 the bar from JDK 25 on
 */
record Bar(Kind kind, Entry ours, Entry other, double on17, double on25) {
    enum Kind {
        /** The other takes at least so many times longer. */
        FASTER,
        /** Ours takes at most so many times as long. */
        WITHIN,
        /** Microseconds per call, at most. */
        TIME
    }

    static Bar faster(Entry ours, Contender than, double on17, double on25) {
        return new Bar(Kind.FASTER, ours, ours.by(than), on17, on25);
    }

    static Bar within(Entry ours, Entry of, double times) {
        return new Bar(Kind.WITHIN, ours, of, times, times);
    }

    static Bar time(Entry ours, double microseconds) {
        return new Bar(Kind.TIME, ours, ours, microseconds, microseconds);
    }

    /** On this JDK. */
    double limit() {
        return Runtime.version().feature() >= 25 ? on25 : on17;
    }

    /** What was found, from the medians of rounds. */
    boolean isMet(double found) {
        return kind == Kind.FASTER ? found >= limit() : found <= limit();
    }

    /** What is compared, in words. */
    String text() {
        return switch (kind) {
            case FASTER -> other.contender() + " : " + ours.contender();
            case WITHIN ->
                ours.contender() + " : "
                        + (other.contender() == ours.contender() ? other.question() : other.contender());
            case TIME -> "us per call";
        };
    }

    /** The limit, in words. */
    String expected() {
        return (kind == Kind.FASTER ? "at least " : "at most ") + String.format(Locale.ROOT, "%.1f", limit());
    }
}
