package io.loss4j.examples.data;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** How the cells of one column become inputs of a network. Everything is learnt from the training part alone. */
sealed interface Feature {
    /** The name of the column. */
    String name();

    /** How many inputs. */
    int width();

    /** Whether a missing cell has an input of its own. */
    boolean knowsMissing();

    /** For people, such as {@code sex (2 values)}. */
    String describe();

    /**
     * A number, standardised. A missing one becomes the mean, and an indicator input says so if that happened in
     * training.
     *
     * @param name of the column
     * @param mean of the training part
     * @param deviation of the training part
     * @param knowsMissing whether there is an indicator
     */
    record Numeric(String name, double mean, double deviation, boolean knowsMissing) implements Feature {
        private static final double MOST = 1e4;

        static Numeric of(Column.OfNumbers column, int[] rows) {
            double sum = 0;
            int present = 0;
            for (int row : rows) {
                if (!column.isMissing(row)) {
                    sum += column.value(row);
                    present++;
                }
            }
            double mean = present == 0 ? 0 : sum / present;
            double squares = 0;
            for (int row : rows) {
                if (!column.isMissing(row)) {
                    squares += Math.pow(column.value(row) - mean, 2);
                }
            }
            double deviation = present == 0 ? 0 : Math.sqrt(squares / present);
            return new Numeric(column.name(), mean, deviation, present < rows.length);
        }

        /** Whether the values differ, and by an amount that can be computed with. */
        boolean spread() {
            return deviation > 0 && deviation < Double.POSITIVE_INFINITY;
        }

        @Override
        public int width() {
            return knowsMissing ? 2 : 1;
        }

        /** Writes the inputs of a number, or of NaN for a missing one. */
        void encode(double value, float[] inputs, int at) {
            boolean missing = Double.isNaN(value);
            // Bounded, because a test cell may be anything, and one infinite input makes every output NaN.
            double standardised = missing ? 0 : (value - mean) / deviation;
            inputs[at] = (float) Math.max(-MOST, Math.min(MOST, standardised));
            if (knowsMissing) {
                inputs[at + 1] = missing ? 1 : 0;
            }
        }

        @Override
        public String describe() {
            return name + (knowsMissing ? " (with missing)" : "");
        }
    }

    /**
     * One of several values: one input each, and one for "missing" if that occurs. A value not seen in training is all 0.
     *
     * @param name of the column
     * @param values in the order of their inputs
     * @param knowsMissing whether there is an input for missing ones
     */
    record Categorical(String name, List<String> values, boolean knowsMissing) implements Feature {
        /** Which input an unknown value has. */
        static final int NOWHERE = -1;

        /** Copies the list. */
        public Categorical {
            values = List.copyOf(values);
        }

        static Categorical of(String name, Collection<String> present, boolean knowsMissing) {
            return new Categorical(name, List.copyOf(new TreeSet<>(present)), knowsMissing);
        }

        @Override
        public int width() {
            return values.size() + (knowsMissing ? 1 : 0);
        }

        /** Which input a missing cell has, or {@link #NOWHERE}. */
        int positionOfMissing() {
            return knowsMissing ? values.size() : NOWHERE;
        }

        @Override
        public String describe() {
            return name + " (" + values.size() + " values" + (knowsMissing ? ", with missing)" : ")");
        }
    }
}
