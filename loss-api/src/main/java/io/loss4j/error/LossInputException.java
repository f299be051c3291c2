package io.loss4j.error;

/**
 * The caller's predictions, labels, weights or parameters cannot be used. Never a reason to try another backend.
 *
 * <p>The message reads: code, who, what was found, what was expected, shapes, remedy. The codes are listed in
 * {@code docs/errors.md}.
 */
public class LossInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code stable code such as {@code L4J-S02}
     * @param who the loss or component that refuses
     * @param problem what was found and what was expected, with shapes, in one sentence
     * @param remedy what to do about it
     */
    public LossInputException(String code, String who, String problem, String remedy) {
        super(code + " " + who + ": " + problem + "; " + remedy + ".");
        this.code = code;
    }

    /** The stable code, for example {@code L4J-S02}. */
    public String code() {
        return code;
    }
}
