package io.loss4j.examples.comparison;

import java.util.List;

/**
 * A remedy for imbalance, or several combined.
 *
 * @param id as on the command line: {@code plain}, {@code focal}, {@code smote+focal}
 * @param title for people, short
 * @param sentence what it does, for people
 * @param java the lines of Java that reproduce it
 */
public record Candidate(String id, String title, String sentence, List<String> java) {
    /** What everything is compared with: cross-entropy, and the most probable class. */
    public static final String PLAIN = "plain";

    /** Copies the list. */
    public Candidate {
        java = List.copyOf(java);
    }

    /** Whether this is training without any remedy. */
    public boolean isPlain() {
        return id.equals(PLAIN);
    }
}
