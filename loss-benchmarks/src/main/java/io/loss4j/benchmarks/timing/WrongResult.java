package io.loss4j.benchmarks.timing;

import java.io.Serial;

/** A contender does not compute what the formula says. */
public final class WrongResult extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With what was found and what was expected. */
    public WrongResult(String message) {
        super(message);
    }
}
