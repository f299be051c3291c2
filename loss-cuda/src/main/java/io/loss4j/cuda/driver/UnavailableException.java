package io.loss4j.cuda.driver;

import io.loss4j.backend.Availability;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** CUDA cannot be used on this machine; the backend answers with what is in it. */
public final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Availability.@Nullable Unavailable answer;

    /** With code, reason and remedy, as users read them. */
    public UnavailableException(String code, String reason, String remedy, @Nullable Throwable cause) {
        this(new Availability.Unavailable(code, reason, remedy, cause));
    }

    UnavailableException(Availability.Unavailable answer) {
        super(answer.code() + " " + answer.reason() + "; " + answer.remedy() + ".", answer.cause());
        this.answer = answer;
    }

    /** What the backend says. */
    public Availability.Unavailable answer() {
        return Objects.requireNonNull(answer, "never serialised");
    }
}
