package io.loss4j.backend;

import org.jspecify.annotations.Nullable;

/**
 * What became of one backend in a selection.
 *
 * @param backend its name, or the class that could not be loaded
 * @param outcome what became of it
 * @param detail why, in one sentence
 * @param remedy what to do about it, or null
 */
public record Verdict(
        String backend,
        Outcome outcome,
        String detail,
        @Nullable String remedy) {
    /** What became of a backend. */
    public enum Outcome {
        /** It runs the job. */
        CHOSEN,
        /** It could have run the job. */
        POSSIBLE,
        /** It declined this job. */
        DECLINED,
        /** It was not among those asked for. */
        NOT_ASKED_FOR,
        /** It cannot work on this machine. */
        UNAVAILABLE,
        /** It could not be loaded. */
        BROKEN,
        /** It failed while computing and is out for the rest of the process. */
        SET_ASIDE
    }
}
