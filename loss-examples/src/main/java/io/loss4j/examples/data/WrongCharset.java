package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the first byte of a file that is not UTF-8. Readers decode ahead, and know only that there is one. */
final class WrongCharset {
    private static final int CHUNK = 1 << 13;

    private WrongCharset() {}

    /** The error that names the place. */
    static LossInputException in(Path file, String source) {
        String where = "this";
        try (InputStream in = Files.newInputStream(file)) {
            where = locate(in);
        } catch (IOException e) {
            // Then the sentence goes without the place.
        }
        return new LossInputException(
                "L4J-D24", source, where + " is not text in UTF-8", "save it as UTF-8, or unpack it first");
    }

    private static String locate(InputStream in) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
        CharBuffer text = CharBuffer.allocate(CHUNK);
        long line = 1;
        long position = 1;
        boolean end = false;
        while (!end) {
            int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
            end = read < 0;
            bytes.position(bytes.position() + Math.max(read, 0)).flip();
            CoderResult result = decoder.decode(bytes, text, end);
            text.flip();
            while (text.hasRemaining()) {
                boolean feed = text.get() == '\n';
                line += feed ? 1 : 0;
                position = feed ? 1 : position + 1;
            }
            text.clear();
            if (result.isError()) {
                return String.format("line %d, character %d (byte 0x%02X)", line, position, bytes.get());
            }
            bytes.compact();
        }
        return "this";
    }
}
