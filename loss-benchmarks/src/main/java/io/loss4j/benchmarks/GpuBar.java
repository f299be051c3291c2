package io.loss4j.benchmarks;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What Loss4J is to reach on a GPU, and what was found.
 *
 * @param what is compared
 * @param atLeast whether the bar is the least; else it is the most
 * @param bar the number
 * @param found the number that was found; empty if it was not measured
 * @param remark why it was not, or how sure it is
 */
record GpuBar(String what, boolean atLeast, double bar, OptionalDouble found, String remark) {
    /** What came of it. */
    enum Outcome {
        /** Reached. */
        MET("yes"),
        /** Not reached. */
        MISSED("**no**"),
        /** Nobody knows. */
        NOT_MEASURED("not measured");

        /** For tables. */
        final String text;

        Outcome(String text) {
            this.text = text;
        }
    }

    static GpuBar atLeast(String what, double bar, OptionalDouble found, String remark) {
        return new GpuBar(what, true, bar, found, remark);
    }

    static GpuBar atMost(String what, double bar, OptionalDouble found, String remark) {
        return new GpuBar(what, false, bar, found, remark);
    }

    /** A NaN is a miss. */
    Outcome outcome() {
        if (found.isEmpty()) {
            return Outcome.NOT_MEASURED;
        }
        double number = found.getAsDouble();
        return (atLeast ? number >= bar : number <= bar) ? Outcome.MET : Outcome.MISSED;
    }

    String expected() {
        return (atLeast ? "at least " : "at most ") + text(bar);
    }

    /** The number found, for tables. */
    String foundText() {
        return found.isEmpty() ? "" : text(found.getAsDouble());
    }

    private static String text(double number) {
        return Math.abs(number) < 0.01 && number != 0
                ? String.format(Locale.ROOT, "%.2g", number)
                : Times.digits(number);
    }
}
