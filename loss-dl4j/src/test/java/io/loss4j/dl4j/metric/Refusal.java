package io.loss4j.dl4j.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import org.junit.jupiter.api.function.Executable;

/** Errors have a code and say what was found. */
public final class Refusal {
    private Refusal() {}

    public static void refused(String code, String found, Executable call) {
        LossInputException error = assertThrows(LossInputException.class, call);
        assertEquals(code, error.code(), error.getMessage());
        assertTrue(error.getMessage().contains(found), error.getMessage());
    }
}
