package io.loss4j.cpu;

import java.util.Arrays;

/**
 * Losses of margins between the scores of a row. Differences are taken in double, in the order of the formulas: whether a
 * margin is violated must not depend on rounding.
 */
abstract class MarginRule implements RowRule {
    final int columns;

    private MarginRule(int columns) {
        this.columns = columns;
    }

    /** Adds what one label costs and pulls. */
    abstract double label(float[] x, int at, int label, float[] t, float[] gradient);

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        int at = r * columns;
        Arrays.fill(gradient, at, at + columns, 0);
        if (hot >= 0 && t[hot] != 0) {
            return label(x, at, hot, t, gradient);
        }
        double value = 0;
        boolean empty = true;
        for (int k = 0; k < columns; k++) {
            if (t[k] != 0) {
                value += label(x, at, k, t, gradient);
                empty = false;
            }
        }
        return empty ? nothing() : value;
    }

    /** The loss of a row without targets. */
    double nothing() {
        return 0;
    }

    /** Every other class within a margin of the label. */
    static final class Multi extends MarginRule {
        private final int p;
        private final double margin;
        private final float[] violations;

        Multi(int p, double margin, int columns) {
            super(columns);
            this.p = p;
            this.margin = margin;
            violations = Scratch.ofThisThread().floats(columns);
        }

        @Override
        double label(float[] x, int at, int label, float[] t, float[] gradient) {
            double weight = t[label] / (double) columns;
            double least = margin - x[at + label];
            for (int k = 0; k < columns; k++) {
                violations[k] = (float) Math.max(0, least + x[at + k]);
            }
            violations[label] = 0;
            return p == 1 ? linear(at, label, weight, gradient) : squared(at, label, weight, gradient);
        }

        private double linear(int at, int label, double weight, float[] gradient) {
            float w = (float) weight;
            int count = 0;
            for (int k = 0; k < columns; k++) {
                float violated = violations[k] > 0 ? 1 : 0;
                gradient[at + k] += w * violated;
                count += (int) violated;
            }
            gradient[at + label] -= (float) (weight * count);
            return weight * SoftmaxTile.sum(violations, 0, columns);
        }

        private double squared(int at, int label, double weight, float[] gradient) {
            float w = (float) (2 * weight);
            for (int k = 0; k < columns; k++) {
                gradient[at + k] += w * violations[k];
            }
            gradient[at + label] -= (float) (2 * weight * SoftmaxTile.sum(violations, 0, columns));
            return weight * SoftmaxTile.product(violations, 0, violations);
        }
    }

    /** The strongest other class, but at least 0, within 1 of the label. */
    static final class Strongest extends MarginRule {
        private final boolean emptyRows;

        Strongest(boolean emptyRows, int columns) {
            super(columns);
            this.emptyRows = emptyRows;
        }

        @Override
        double label(float[] x, int at, int label, float[] t, float[] gradient) {
            float own = x[at + label];
            x[at + label] = Float.NEGATIVE_INFINITY;
            float strongest = 0;
            for (int i = at; i < at + columns; i++) {
                strongest = Math.max(strongest, x[i]); // NaN stays, and leaves the row
            }
            x[at + label] = own;
            double violation = 1 + (double) strongest - own;
            if (violation <= 0) {
                return 0;
            }
            if (strongest > 0) {
                int rival = at;
                while (rival == at + label || x[rival] != strongest) {
                    rival++;
                }
                gradient[rival] += t[label];
            }
            gradient[at + label] -= t[label];
            return t[label] * violation;
        }

        @Override
        double nothing() {
            return emptyRows ? Double.NaN : 0;
        }
    }

    /** Every class without a label within 1 of every label. */
    static final class MultiLabel extends MarginRule {
        private final float[] violations;

        MultiLabel(int columns) {
            super(columns);
            violations = Scratch.ofThisThread().floats(columns);
        }

        @Override
        double label(float[] x, int at, int label, float[] t, float[] gradient) {
            double weight = t[label] / (double) columns;
            float w = (float) weight;
            double least = 1.0 - x[at + label];
            for (int k = 0; k < columns; k++) {
                violations[k] = (float) Math.max(0, least + x[at + k]);
            }
            int count = 0;
            for (int k = 0; k < columns; k++) {
                violations[k] = t[k] == 0 ? violations[k] : 0;
                float violated = violations[k] > 0 ? 1 : 0;
                gradient[at + k] += w * violated;
                count += (int) violated;
            }
            gradient[at + label] -= (float) (weight * count);
            return weight * SoftmaxTile.sum(violations, 0, columns);
        }
    }

    /** The exponential of how far every class without a label is above every label. */
    static final class Ranking extends MarginRule {
        /** Beyond, the formula goes on in a straight line. */
        private static final double LARGEST_EXPONENT = 50;

        private final Primitives primitives;
        private final float[] lead;

        Ranking(int columns, Primitives primitives) {
            super(columns);
            this.primitives = primitives;
            lead = SoftmaxTile.array(columns, primitives);
        }

        @Override
        double label(float[] x, int at, int label, float[] t, float[] gradient) {
            int present = 0;
            for (float each : t) {
                present += each != 0 ? 1 : 0;
            }
            double pairs = present * (double) (columns - present);
            if (pairs == 0) {
                return 0;
            }
            float own = x[at + label];
            float largest = Float.NEGATIVE_INFINITY;
            for (int k = 0; k < columns; k++) {
                lead[k] = x[at + k] - own;
                largest = Math.max(largest, lead[k]);
            }
            if (!(largest <= LARGEST_EXPONENT)) {
                return Double.NaN;
            }
            primitives.exp(lead, lead, lead.length);
            float w = (float) (t[label] / pairs);
            for (int k = 0; k < columns; k++) {
                lead[k] = t[k] == 0 ? w * lead[k] : 0;
                gradient[at + k] += lead[k];
            }
            double sum = SoftmaxTile.sum(lead, 0, columns);
            gradient[at + label] -= (float) sum;
            return sum;
        }
    }
}
