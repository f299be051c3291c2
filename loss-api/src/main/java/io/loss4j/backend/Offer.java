package io.loss4j.backend;

/** What a backend says to one job. */
public sealed interface Offer {
    /**
     * It will do the work.
     *
     * @param nanoseconds estimated time; the cheapest offer wins under {@code auto}
     */
    record Accept(double nanoseconds) implements Offer {}

    /**
     * It will not.
     *
     * @param code stable code such as {@code L4J-B21}
     * @param reason what it cannot do
     * @param remedy what to do about it
     */
    record Decline(String code, String reason, String remedy) implements Offer {}
}
