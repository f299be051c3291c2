package io.loss4j.backend;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why this backend: the wish, where it came from, and a verdict on every backend.
 *
 * @param chosen name of the backend that runs the job, or null if none can
 * @param wish the ordered list that was asked for, such as {@code auto} or {@code cuda,cpu}
 * @param source where the wish comes from: code, the system property, the environment or the default
 * @param verdicts one per known backend
 */
public record Resolution(@Nullable String chosen, String wish, String source, List<Verdict> verdicts) {
    /** Copies the list. */
    public Resolution {
        verdicts = List.copyOf(verdicts);
    }

    /** A few lines for people: the choice and the reason for every other backend. */
    public String explain() {
        StringBuilder text = new StringBuilder("backend ")
                .append(chosen == null ? "none" : chosen)
                .append(" (asked for: ")
                .append(wish)
                .append(", from ")
                .append(source)
                .append(')');
        for (Verdict v : verdicts) {
            text.append(System.lineSeparator())
                    .append("  ")
                    .append(v.backend())
                    .append(": ")
                    .append(v.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(", ")
                    .append(v.detail());
            if (v.remedy() != null) {
                text.append("; ").append(v.remedy());
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return explain();
    }
}
