package io.loss4j.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code kernels.table} says: which kernel computes a loss, and how it is launched. Its head explains the words. */
final class KernelTable {
    private static final String ANY = "*";
    private static final String NONE = "-";
    private static final String OWN = "row";

    /** Kernels count columns in an int, and a block of threads beyond the last one. */
    static final int MOST_COLUMNS = Integer.MAX_VALUE - 1024;

    /** Losses by id. */
    static final Map<String, Loss> LOSSES = new LinkedHashMap<>();

    /** In the order in which they are tried. */
    static final List<Regime> REGIMES = new ArrayList<>();

    static {
        String text = new String(resource("kernels.table"), StandardCharsets.UTF_8);
        for (String line : text.split("\\R")) {
            String[] words = line.replaceFirst("#.*", "").trim().split("\\s+");
            if (words[0].equals("loss")) {
                Loss loss = Loss.parse(words);
                LOSSES.put(loss.id(), loss);
            } else if (words[0].equals("regime")) {
                REGIMES.add(Regime.parse(words));
            }
        }
    }

    /** How many partial results there can be: one per block, and more where rows are spread over blocks. */
    static final int MOST_PARTIALS =
            REGIMES.stream().mapToInt(Regime::partials).max().orElseThrow();

    private KernelTable() {}

    /** The longest rows, of any layout, for which a loss has a kernel where blocks have so much shared memory. */
    static long mostColumns(Loss loss, int sharedBytes, ElementType type) {
        return REGIMES.stream()
                .filter(r -> r.shape().equals(loss.shape()) && r.needs().isEmpty())
                .mapToLong(r -> r.mostColumns(sharedBytes, type))
                .max()
                .orElse(0);
    }

    /** A file beside this class. */
    static byte[] resource(String name) {
        try (InputStream in = KernelTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar of loss-cuda lacks io/loss4j/cuda/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A loss that has a kernel.
     *
     * @param id of the spec
     * @param stem first part of the names of file and entry
     * @param shape of the formula, which decides the regimes
     * @param formula which of the shape's formulas
     * @param parameters names of the spec's parameters, in the kernel's order; null leaves a place out
     */
    record Loss(String id, String stem, String shape, int formula, List<@Nullable String> parameters) {
        /** Of a row by a formula of its own: one kernel for all types, in double. */
        boolean isOwn() {
            return shape.equals(OWN);
        }

        /** The name of its PTX for predictions of a type, which is part of the names of its entries too. */
        String module(ElementType type) {
            return stem + "_" + (isOwn() ? "any" : type.word());
        }

        private static Loss parse(String[] words) {
            List<@Nullable String> parameters = new ArrayList<>();
            for (int i = 5; i < words.length; i++) {
                parameters.add(words[i].equals(NONE) ? null : words[i]);
            }
            return new Loss(words[1], words[2], words[3], Integer.parseInt(words[4]), parameters);
        }
    }

    /**
     * A way to spread rows over threads.
     *
     * @param shape of the losses that it is for
     * @param name last part of the entry's name
     * @param needs what a job must be like
     * @param least smallest number of columns
     * @param most largest number of columns
     * @param lanes threads that share a row
     * @param threads of a block
     * @param units rows or elements that a block takes at a time
     * @param blocks the most
     * @param shared dynamic shared memory, in numbers per column
     * @param part columns of a block where rows are spread over blocks; else 0
     */
    record Regime(
            String shape,
            String name,
            Set<String> needs,
            int least,
            int most,
            int lanes,
            int threads,
            int units,
            int blocks,
            int shared,
            int part) {
        /** PART_NUMBERS of the kernels. */
        private static final int NUMBERS_PER_PART = 6;

        /** Numbers of shared memory more than columns, for alignment. */
        private static final long PADDING = 4;

        private static Regime parse(String[] words) {
            Set<String> needs = new HashSet<>(List.of(words[3].split(",")));
            needs.remove(NONE);
            int most = words[5].equals(ANY) ? MOST_COLUMNS : Integer.parseInt(words[5]);
            int[] n = new int[6];
            for (int i = 0; i < n.length; i++) {
                n[i] = Integer.parseInt(words[6 + i]);
            }
            return new Regime(
                    words[1], words[2], needs, Integer.parseInt(words[4]), most, n[0], n[1], n[2], n[3], n[4], n[5]);
        }

        /** Bytes of dynamic shared memory. */
        long sharedBytes(long columns, ElementType type) {
            return shared * (columns + PADDING) * numberBytes(type);
        }

        /** The longest row that a block with so much shared memory has room for. */
        private long mostColumns(int sharedBytes, ElementType type) {
            return shared == 0 ? most : Math.min(most, sharedBytes / (shared * numberBytes(type)) - PADDING);
        }

        private long numberBytes(ElementType type) {
            return type == ElementType.DOUBLE || shape.equals(OWN) ? Double.BYTES : Float.BYTES;
        }

        private int partials() {
            return blocks * (part == 0 ? 1 : 1 + NUMBERS_PER_PART);
        }

        /** Over how many blocks a row is spread. */
        int parts(long rows, long columns) {
            return part == 0 ? 1 : (int) Math.max(1, Math.min(ceiling(columns, part), blocks / Math.max(1, rows)));
        }

        /** How many blocks work. */
        int grid(long rows, long columns) {
            if (part > 0) {
                return (int) Math.max(1, rows * parts(rows, columns));
            }
            long units = needs.contains("flat") ? rows * columns : rows;
            return (int) Math.max(1, Math.min(blocks, ceiling(units, this.units)));
        }

        private static long ceiling(long amount, int each) {
            return (amount + each - 1) / each;
        }
    }
}
