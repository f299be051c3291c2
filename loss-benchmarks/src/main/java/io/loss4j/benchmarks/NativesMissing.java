package io.loss4j.benchmarks;

import java.io.Serial;

/** A contender cannot start because its native library is not there. */
final class NativesMissing extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    NativesMissing(String message) {
        super(message);
    }
}
