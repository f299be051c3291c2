package io.loss4j.examples.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** How the cells of one column become inputs of a network. Everything is learnt from the training part alone. */
sealed interface Feature {
    /** How many inputs. */
    int width();

    /** Writes the inputs of one cell. */
    void encode(String cell, boolean missing, float[] inputs, int at);

    /** For people, such as {@code sex (2 values)}. */
    String describe();

    /**
     * A number, standardised. A missing one becomes the mean, and an indicator input says so if that happened in
     * training.
     */
    record Numeric(String name, double mean, double deviation, boolean indicator) implements Feature {
        private static final double MOST = 1e4;

        static Numeric of(String name, List<String> present, boolean anyMissing) {
            double mean =
                    present.stream().mapToDouble(Double::parseDouble).average().orElse(0);
            double variance = present.stream()
                    .mapToDouble(cell -> Math.pow(Double.parseDouble(cell) - mean, 2))
                    .average()
                    .orElse(0);
            return new Numeric(name, mean, Math.sqrt(variance), anyMissing);
        }

        /** Whether the values differ, and by an amount that can be computed with. */
        boolean spread() {
            return deviation > 0 && deviation < Double.POSITIVE_INFINITY;
        }

        @Override
        public int width() {
            return indicator ? 2 : 1;
        }

        @Override
        public void encode(String cell, boolean missing, float[] inputs, int at) {
            // Bounded, because a test cell may be anything, and one infinite input makes every output NaN.
            double standardised = missing ? 0 : (Double.parseDouble(cell) - mean) / deviation;
            inputs[at] = (float) Math.max(-MOST, Math.min(MOST, standardised));
            if (indicator) {
                inputs[at + 1] = missing ? 1 : 0;
            }
        }

        @Override
        public String describe() {
            return name + (indicator ? " (with missing)" : "");
        }
    }

    /** One of several values: one input each, and one for "missing" if that occurs. A value not seen in training is all 0. */
    record Categorical(String name, Map<String, Integer> positions, boolean missingSeen) implements Feature {
        static Categorical of(String name, List<String> present, boolean anyMissing) {
            Map<String, Integer> positions = new LinkedHashMap<>();
            for (String value : new TreeSet<>(present)) {
                positions.put(value, positions.size());
            }
            return new Categorical(name, positions, anyMissing);
        }

        @Override
        public int width() {
            return positions.size() + (missingSeen ? 1 : 0);
        }

        @Override
        public void encode(String cell, boolean missing, float[] inputs, int at) {
            Integer position = missing ? (missingSeen ? (Integer) positions.size() : null) : positions.get(cell);
            if (position != null) {
                inputs[at + position] = 1;
            }
        }

        @Override
        public String describe() {
            return name + " (" + positions.size() + " values" + (missingSeen ? ", with missing)" : ")");
        }
    }
}
