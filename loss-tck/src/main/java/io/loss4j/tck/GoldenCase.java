package io.loss4j.tck;

import io.loss4j.LossFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** One case of another library: a loss with options, arrays, and the value and gradient that the library computes. */
sealed interface GoldenCase permits TorchCase, PeerCase {
    /** Unique in its file. */
    String id();

    /** What the loss is called in its file. */
    String loss();

    /** Why the case cannot be run, or null if it can. */
    @Nullable
    String unsupported();

    /**
     * Computes and compares.
     *
     * @param backend as {@link LossFunction#on} takes it
     * @param type FLOAT or DOUBLE
     * @throws AssertionError if the value or the gradient differs
     */
    void check(String backend, DataType type);
}
