package io.loss4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command printed and returned. */
record CommandRun(int code, String out, String err) {
    static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new CommandRun(code, out.toString(), err.toString());
    }

    /** One sentence, exit code 2. */
    void assertRefused(String command, String message) {
        assertEquals(2, code, out + err);
        assertTrue(err.startsWith("loss4j " + command + ": ") && err.contains(message), err);
        assertFalse(err.contains("\tat ") || err.contains("Exception"), err);
        assertTrue(err.lines().count() <= 2, err);
    }
}
