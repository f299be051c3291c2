package io.loss4j.benchmarks.timing;

/** One contender, ready to work on its arrays. Used by one thread. */
public interface Timed extends AutoCloseable {
    /** What really computes, for people. */
    String engine();

    /** What the arrays really hold, after rounding to their type. */
    Numbers numbers();

    /** Computes and drops the result: this is what is timed. */
    void call();

    /** Computes and tells the result. */
    Outcome outcome();

    /** Whether {@link #restore} must be called before every further call; that is never timed. */
    default boolean overwritesPredictions() {
        return false;
    }

    /** Puts the predictions back. */
    default void restore() {}

    @Override
    default void close() {}
}
