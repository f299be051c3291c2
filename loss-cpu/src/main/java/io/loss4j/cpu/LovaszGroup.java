package io.loss4j.cpu;

import java.util.Arrays;

/** The Lovasz extension of one minus intersection over union of a group of elements, for one worker. */
final class LovaszGroup {
    private final ErrorOrder order = new ErrorOrder();

    /** Errors and slopes of scores, max(0, 1 - x (2y - 1)) without the maximum. */
    static void hinges(float[] x, int at, double[] y, int n, double[] errors, float[] slopes) {
        for (int i = 0; i < n; i++) {
            double label = y[i];
            errors[i] = 1 - x[at + i] * (2 * label - 1);
            slopes[i] = (float) (1 - 2 * label);
        }
    }

    /**
     * Errors and slopes of probabilities, |p - y|, from p or from what is missing to 1, whichever has the digits.
     *
     * @param exact whether p is given, and q just the rounded rest
     */
    static void distances(
            float[] p, float[] q, boolean exact, int at, double[] y, int n, double[] errors, float[] slopes) {
        for (int i = 0; i < n; i++) {
            double label = y[i];
            double likely = exact ? 0 : RegressionTile.sign(Math.max(0, p[at + i] - q[at + i]));
            double d = likely * (1 - label - q[at + i]) + (1 - likely) * (p[at + i] - label);
            errors[i] = Math.abs(d);
            slopes[i] = (float) Math.signum(d);
        }
    }

    /**
     * The same after a sigmoid, in double as the formula does it, rounding included: logits x and -x of opposite labels
     * have the same error, which rounding alone puts in an order, and half types meet that all the time.
     */
    static void distancesOfLogits(float[] x, int at, double[] y, int n, double[] errors, float[] slopes) {
        for (int i = 0; i < n; i++) {
            double e = Math.exp(-Math.abs((double) x[at + i]));
            double d = (x[at + i] < 0 ? e : 1) / (1 + e) - y[i];
            errors[i] = Math.abs(d);
            slopes[i] = (float) Math.signum(d);
        }
    }

    /** Whether an error of an element that counts is not a number that can be sorted here. */
    static boolean areOdd(double[] errors, float[] weights, int at, int n) {
        boolean odd = false;
        for (int i = 0; i < n; i++) {
            odd |= !(errors[i] <= Float.MAX_VALUE) && weights[at + i] != 0;
        }
        return odd;
    }

    /**
     * Computes a group.
     *
     * @param errors of its elements, from an index on, none of them odd
     * @param slopes of the errors by the predictions; overwritten with those of the loss times the scale
     */
    double evaluate(double[] errors, double[] labels, float[] weights, float[] slopes, int from, int n, double scale) {
        order.clear(n);
        double labelled = 0;
        for (int i = 0; i < n; i++) {
            float w = weights[from + i];
            labelled += w * labels[from + i];
            if (errors[from + i] > 0 && w != 0) {
                order.add(i, errors[from + i]);
            } else {
                slopes[from + i] = 0;
            }
        }
        order.sort(errors, from);
        double both = labelled;
        double either = labelled;
        double jaccard = 0;
        double value = 0;
        for (int place = 0; place < order.size(); place++) {
            int i = from + order.at(place);
            double w = weights[i];
            double y = labels[i];
            both -= w * y;
            either += w * (1 - y);
            double next = either <= 0 ? jaccard : 1 - both / either;
            value += (next - jaccard) * errors[i];
            slopes[i] = (float) ((next - jaccard) * slopes[i] * scale);
            jaccard = next;
        }
        return value;
    }

    /** A group that costs nothing. */
    static void clear(float[] slopes, int from, int n) {
        Arrays.fill(slopes, from, from + n, 0);
    }
}
