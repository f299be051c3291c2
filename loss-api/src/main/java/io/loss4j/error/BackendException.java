package io.loss4j.error;

import org.jspecify.annotations.Nullable;

/** No backend could do the work, or the one that was asked for by name could not. */
public class BackendException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code stable code such as {@code L4J-B01}
     * @param problem what happened, with the verdict on every backend
     * @param remedy what to do about it
     * @param cause the failure underneath, if any
     */
    public BackendException(String code, String problem, String remedy, @Nullable Throwable cause) {
        super(code + " " + problem + (problem.contains("\n") ? System.lineSeparator() : "; ") + remedy + ".", cause);
        this.code = code;
    }

    /** The stable code, for example {@code L4J-B01}. */
    public String code() {
        return code;
    }
}
