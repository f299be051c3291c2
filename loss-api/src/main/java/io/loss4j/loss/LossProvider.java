package io.loss4j.loss;

import java.util.Collection;

/**
 * How a jar adds losses: implement this, name the class in
 * {@code META-INF/services/io.loss4j.loss.LossProvider}, and every id works in JSON, on the command line and in
 * Deeplearning4j. The usual home is a nested class of the loss itself. The constructor must be public, cheap and without
 * arguments.
 */
public interface LossProvider {
    /** The kinds of losses in this jar. */
    Collection<LossType<?>> losses();
}
