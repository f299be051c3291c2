package io.loss4j.loss;

import java.util.Arrays;

/** The log-softmax of a row, and the chain rule back to its logits. */
final class LogSoftmax {
    private LogSoftmax() {}

    /** log softmax(z); negative infinity for a logit of negative infinity, also where there is no other. */
    static double[] of(double[] z) {
        int top = top(z);
        double max = z[top];
        double[] log = new double[z.length];
        if (max == Double.NEGATIVE_INFINITY) {
            Arrays.fill(log, max);
            return log;
        }
        // The largest term is exactly 1: kept apart, the others do not drown in it (log1p).
        double others = 0;
        for (int k = 0; k < z.length; k++) {
            others += k == top ? 0 : Math.exp(z[k] - max);
        }
        double logSum = Math.log1p(others);
        Arrays.setAll(log, k -> z[k] - max - logSum); // in this order: max + logSum would lose the logarithm
        return log;
    }

    /** The first of the largest numbers; NaN is larger than any. */
    static int top(double[] z) {
        int top = 0;
        for (int k = 1; k < z.length; k++) {
            if (z[k] > z[top] || Double.isNaN(z[k])) {
                top = k;
            }
        }
        return top;
    }

    /**
     * Turns derivatives by the log-probabilities into derivatives by the logits: d/dz_j = g_j - p_j sum_k g_k.
     *
     * @param log what {@link #of} returned
     * @param gradient g, overwritten
     */
    static void toLogits(double[] log, double[] gradient) {
        double sum = 0;
        boolean impossible = true;
        for (int k = 0; k < log.length; k++) {
            sum += gradient[k];
            impossible &= log[k] == Double.NEGATIVE_INFINITY;
        }
        if (impossible) {
            Arrays.fill(gradient, 0); // no class at all: no direction to go
            return;
        }
        for (int j = 0; j < log.length; j++) {
            // g_j (1 - p_j) without cancellation where p_j is near 1
            gradient[j] = -gradient[j] * Math.expm1(log[j]) - Math.exp(log[j]) * (sum - gradient[j]);
        }
    }
}
