package io.loss4j.examples.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The cells of a column in few bytes: four each. */
sealed interface Column {
    /** What a missing category or label is. */
    int ABSENT = -1;

    /** The name of the column. */
    String name();

    /** Whether a cell is missing. */
    boolean isMissing(int row);

    /** Adds its name and cells. */
    void digest(MessageDigest digest);

    /**
     * Numbers. They are kept as differences from one of them, so that dates or large identifiers that differ little stay
     * different in single precision.
     *
     * @param name of the column
     * @param origin what the differences are from
     * @param differences one per row; NaN where it is missing
     */
    record OfNumbers(String name, double origin, float[] differences) implements Column {
        double value(int row) {
            return origin + differences[row];
        }

        @Override
        public boolean isMissing(int row) {
            return Float.isNaN(differences[row]);
        }

        @Override
        public void digest(MessageDigest digest) {
            digest.update((name + origin).getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.allocate(differences.length * Float.BYTES);
            bytes.asFloatBuffer().put(differences);
            digest.update(bytes);
        }
    }

    /**
     * Texts.
     *
     * @param name of the column
     * @param codes one per row, the index of its text, or {@link #ABSENT}
     * @param texts the different texts
     */
    record OfTexts(String name, int[] codes, List<String> texts) implements Column {
        @Override
        public boolean isMissing(int row) {
            return codes[row] == ABSENT;
        }

        @Override
        public void digest(MessageDigest digest) {
            digest.update((name + texts).getBytes(StandardCharsets.UTF_8));
            ByteBuffer bytes = ByteBuffer.allocate(codes.length * Integer.BYTES);
            bytes.asIntBuffer().put(codes);
            digest.update(bytes);
        }

        /** The texts in some of the rows. */
        Set<String> textsIn(int[] rows) {
            boolean[] seen = new boolean[texts.size()];
            for (int row : rows) {
                if (codes[row] != ABSENT) {
                    seen[codes[row]] = true;
                }
            }
            Set<String> found = new HashSet<>();
            for (int code = 0; code < seen.length; code++) {
                if (seen[code]) {
                    found.add(texts.get(code));
                }
            }
            return found;
        }
    }
}
