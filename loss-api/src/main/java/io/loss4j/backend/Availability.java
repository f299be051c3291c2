package io.loss4j.backend;

import org.jspecify.annotations.Nullable;

/** Whether a backend can work on this machine; every "no" has a code, a reason and a remedy. */
public sealed interface Availability {
    /**
     * The backend can work.
     *
     * @param description how, for people: instruction set, threads, device
     */
    record Available(String description) implements Availability {}

    /**
     * The backend cannot work here.
     *
     * @param code stable code such as {@code L4J-B11}
     * @param reason what is missing
     * @param remedy what to do about it
     * @param cause the failure underneath, if any
     */
    record Unavailable(
            String code,
            String reason,
            String remedy,
            @Nullable Throwable cause) implements Availability {}
}
