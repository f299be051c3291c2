package io.loss4j.benchmarks.timing;

import java.util.Arrays;

/** What is asked of a loss. Training asks for the gradient and then for the value, never for both at once. */
public enum Wanted {
    /** Both from one call. */
    VALUE_AND_GRADIENT("value+gradient"),
    /** The sum over all rows. */
    VALUE("value"),
    /** The derivative of that sum by the predictions. */
    GRADIENT("gradient");

    private final String text;

    Wanted(String text) {
        this.text = text;
    }

    /**
     * By what {@link #toString} says.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Wanted named(String text) {
        return Arrays.stream(values())
                .filter(w -> w.text.equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + text + "' is none of " + Arrays.toString(values())));
    }

    /** Whether a value is part of it. */
    public boolean hasValue() {
        return this != GRADIENT;
    }

    /** Whether a gradient is part of it. */
    public boolean hasGradient() {
        return this != VALUE;
    }

    @Override
    public String toString() {
        return text;
    }
}
