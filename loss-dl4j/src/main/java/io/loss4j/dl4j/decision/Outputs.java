package io.loss4j.dl4j.decision;

import java.util.Locale;

/** What the columns of a network's output are. */
enum Outputs {
    /** Probabilities of classes that exclude each other; one column is the second of two. */
    CLASSES,
    /** Logits of classes that exclude each other; one column is that of the second of two, the first has 0. */
    CLASS_LOGITS,
    /** Probabilities of labels, each yes or no by itself. */
    LABELS;

    /** As in JSON. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
