package io.loss4j.examples.data;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Ends a row that does not end by itself. A file without line feeds, or with one quote too many, is one row to a parser,
 * which would collect it in memory.
 */
final class RowLimit extends FilterReader {
    /** A row of ten thousand numbers with a hundred digits each is still read. */
    static final int MOST = 1 << 20;

    private int characters;
    private int lines;

    /** A row has become too long. */
    static final class Exceeded extends IOException {
        private static final long serialVersionUID = 1L;

        private final int lines;

        private Exceeded(int lines) {
            super("a row of more than " + MOST + " characters");
            this.lines = lines;
        }

        /** How many line feeds are in it. */
        int lines() {
            return lines;
        }
    }

    RowLimit(Reader in) {
        super(in);
    }

    /** A row has ended. What was read ahead of it belongs to the next rows, and is not counted there. */
    void restart() {
        characters = 0;
        lines = 0;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        for (int i = 0; i < read; i++) {
            lines += buffer[offset + i] == '\n' ? 1 : 0;
        }
        characters += Math.max(read, 0);
        if (characters > MOST) {
            throw new Exceeded(lines);
        }
        return read;
    }
}
