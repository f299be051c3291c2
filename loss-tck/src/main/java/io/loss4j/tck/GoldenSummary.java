package io.loss4j.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts of golden cases by loss. */
final class GoldenSummary {
    private static final class Count {
        int passed;
        int failed;
        int unsupported;
    }

    private final String title;
    private final Map<String, Count> byLoss = new TreeMap<>();
    private final Map<String, Count> otherVocabulary = new TreeMap<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<String> notes;

    GoldenSummary(String title, GoldenCases cases) {
        this.title = title;
        this.notes = cases.notes();
        cases.otherVocabulary().forEach((loss, n) -> of(otherVocabulary, loss).unsupported = n);
    }

    private static Count of(Map<String, Count> counts, String loss) {
        return counts.computeIfAbsent(loss, any -> new Count());
    }

    synchronized void passed(GoldenCase c) {
        of(byLoss, c.loss()).passed++;
    }

    synchronized void failed(GoldenCase c, Throwable reason) {
        of(byLoss, c.loss()).failed++;
        failures.add(c.id() + ": " + reason);
    }

    synchronized void unsupported(GoldenCase c) {
        of(byLoss, c.loss()).unsupported++;
    }

    boolean hasFailures() {
        return !failures.isEmpty();
    }

    int passed() {
        return byLoss.values().stream().mapToInt(c -> c.passed).sum();
    }

    int failed() {
        return byLoss.values().stream().mapToInt(c -> c.failed).sum();
    }

    int unsupported() {
        return byLoss.values().stream().mapToInt(c -> c.unsupported).sum();
    }

    int inOtherVocabulary() {
        return otherVocabulary.values().stream().mapToInt(c -> c.unsupported).sum();
    }

    /** One line. */
    String line() {
        return String.format(
                "%s: %d cases passed (value and gradient, DOUBLE and FLOAT), %d failed, %d unsupported %s; "
                        + "%d more in the shared vocabulary of other libraries, which is not mapped yet",
                title, passed(), failed(), unsupported(), unsupportedLosses(), inOtherVocabulary());
    }

    private List<String> unsupportedLosses() {
        return byLoss.entrySet().stream()
                .filter(e -> e.getValue().unsupported > 0)
                .map(e -> e.getKey() + " " + e.getValue().unsupported)
                .toList();
    }

    /** A table by loss, the failures, and what could not be read. */
    String table() {
        StringBuilder text = new StringBuilder();
        String row = "%-36s %7s %7s %12s%n";
        text.append(String.format(row, "loss", "passed", "failed", "unsupported"));
        byLoss.forEach((loss, c) -> text.append(String.format(row, loss, c.passed, c.failed, c.unsupported)));
        text.append(String.format(row, "total", passed(), failed(), unsupported()));
        if (!otherVocabulary.isEmpty()) {
            text.append(String.format(
                            "%nunsupported by vocabulary: %d cases in the shared terms of other libraries, ",
                            inOtherVocabulary()))
                    .append(String.format("which are not mapped to losses of Loss4J yet%n"));
            otherVocabulary.forEach((loss, c) -> text.append(String.format(row, loss, "", "", c.unsupported)));
        }
        for (String failure : failures) {
            text.append("FAILED ").append(failure).append(System.lineSeparator());
        }
        for (String note : notes) {
            text.append("not read: ").append(note).append(System.lineSeparator());
        }
        return text.toString();
    }
}
