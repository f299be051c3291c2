package io.loss4j.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** Counts of golden cases by loss: our own losses, and the definitions that other libraries share. */
final class GoldenSummary {
    private static final class Count {
        int passed;
        int failed;
        /** Of a loss that the catalogue has, but not in this form. */
        int different;
        /** Of a loss that the catalogue does not have. */
        int absent;
    }

    private static final String ROW = "%-36s %7s %7s %10s %7s%n";

    private final String title;
    private final Map<String, Count> own = new TreeMap<>();
    private final Map<String, Count> peers = new TreeMap<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<String> notes;

    GoldenSummary(String title, GoldenCases cases) {
        this.title = title;
        this.notes = cases.notes();
    }

    private Count of(GoldenCase c) {
        return (c instanceof PeerCase ? peers : own).computeIfAbsent(c.loss(), any -> new Count());
    }

    synchronized void passed(GoldenCase c) {
        of(c).passed++;
    }

    synchronized void failed(GoldenCase c, Throwable reason) {
        of(c).failed++;
        failures.add(c.id() + ": " + reason);
    }

    synchronized void unsupported(GoldenCase c) {
        if (c instanceof PeerCase peer && peer.inCatalogue()) {
            of(c).different++;
        } else {
            of(c).absent++;
        }
    }

    boolean hasFailures() {
        return !failures.isEmpty();
    }

    private static int sum(Map<String, Count> counts, ToIntFunction<Count> field) {
        return counts.values().stream().mapToInt(field).sum();
    }

    /** One line. */
    String line() {
        return title + " (value and gradient, DOUBLE and FLOAT): " + line(own)
                + (peers.isEmpty() ? "" : "; in the shared vocabulary of other libraries: " + line(peers));
    }

    private static String line(Map<String, Count> counts) {
        int different = sum(counts, c -> c.different);
        return String.format(
                "%d cases passed, %d failed, %s%d of losses that are not in the catalogue %s",
                sum(counts, c -> c.passed),
                sum(counts, c -> c.failed),
                different == 0 ? "" : different + " of other forms of its losses, ",
                sum(counts, c -> c.absent),
                absent(counts));
    }

    private static List<String> absent(Map<String, Count> counts) {
        return counts.entrySet().stream()
                .filter(e -> e.getValue().absent > 0)
                .map(e -> e.getKey() + " " + e.getValue().absent)
                .toList();
    }

    /** A table by loss, the failures, and what could not be read. */
    String table() {
        StringBuilder text = new StringBuilder();
        table(text, "loss", own);
        if (!peers.isEmpty()) {
            text.append(System.lineSeparator());
            table(text, "other libraries' definition", peers);
        }
        for (String failure : failures) {
            text.append("FAILED ").append(failure).append(System.lineSeparator());
        }
        for (String note : notes) {
            text.append("not read: ").append(note).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static void table(StringBuilder text, String head, Map<String, Count> counts) {
        text.append(String.format(ROW, head, "passed", "failed", "other form", "absent"));
        counts.forEach((loss, c) -> text.append(String.format(ROW, loss, c.passed, c.failed, c.different, c.absent)));
        text.append(String.format(
                ROW,
                "total",
                sum(counts, c -> c.passed),
                sum(counts, c -> c.failed),
                sum(counts, c -> c.different),
                sum(counts, c -> c.absent)));
    }
}
