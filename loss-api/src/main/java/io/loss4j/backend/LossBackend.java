package io.loss4j.backend;

/**
 * SPI: something that computes losses. Name the class in {@code META-INF/services/io.loss4j.backend.LossBackend}. The
 * constructor must be public, cheap, without arguments, and must not touch what may be missing on the machine: that is
 * for {@link #availability}. Everything must be thread-safe.
 */
public interface LossBackend {
    /** A short lower-case name such as {@code cpu}, by which users choose it. */
    String name();

    /** Whether it can work on this machine. Asked once; may be slow the first time; must not throw. */
    Availability availability();

    /** Whether, and at what cost, it would do a job. Asked for every job, so it must be fast and must not look at data. */
    Offer offer(LossJob job);

    /**
     * Whether it fills {@link Outputs#classes}. A backend that does not is never asked for it: such jobs go to another
     * one, and the verdict on this one says why.
     */
    default boolean totalsByClass() {
        return false;
    }

    /**
     * Does a job that it accepted.
     *
     * @return the scaled sum of all terms, added in double precision in an order that does not depend on the number of
     *     threads; 0 if no value is wanted
     * @throws io.loss4j.error.LossInputException if the data cannot be used, such as a label out of range. Anything else
     *     that it throws counts as a failure of the backend, which is then set aside for the process
     */
    double compute(LossJob job);
}
