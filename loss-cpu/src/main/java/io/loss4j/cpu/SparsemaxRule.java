package io.loss4j.cpu;

import java.util.Arrays;

/** The sparsemax loss; only logits less than 1 below the largest matter to its threshold. */
final class SparsemaxRule implements RowRule {
    private final int columns;
    private final double[] near;

    SparsemaxRule(int columns) {
        this.columns = columns;
        near = Scratch.ofThisThread().doubles(columns);
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        int at = r * columns;
        float max = x[at];
        float min = x[at];
        for (int i = at; i < at + columns; i++) {
            max = Math.max(max, x[i]);
            min = Math.min(min, x[i]);
        }
        if (!(max < Float.POSITIVE_INFINITY && min > Float.NEGATIVE_INFINITY)) {
            return Double.NaN;
        }
        int count = 0;
        for (int i = at; i < at + columns; i++) {
            double z = (double) x[i] - max;
            if (z > -1) {
                near[count++] = z;
            }
        }
        Arrays.sort(near, 0, count);
        double total = hot >= 0 ? t[hot] : SoftmaxTile.sum(t, 0, columns);
        double tau = threshold(count);
        double value = 0;
        for (int n = count - 1; n >= 0 && near[n] > tau; n--) {
            value += total * (near[n] * near[n] - tau * tau);
        }
        double sum = 0;
        float factor = (float) total;
        float edge = (float) tau;
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = factor * Math.max(0, x[at + k] - max - edge) - t[k];
        }
        for (int k = hot >= 0 ? hot : 0; k < (hot >= 0 ? hot + 1 : columns); k++) {
            double ofLabel = total == 0 ? 0 : t[k] * (double) t[k] / total;
            sum += ofLabel / 2 - t[k] * ((double) x[at + k] - max);
        }
        return value / 2 + sum;
    }

    private double threshold(int count) {
        double sum = 0;
        double tau = Double.NaN;
        for (int n = 1; n <= count; n++) {
            double z = near[count - n];
            sum += z;
            if (1 + n * z > sum) {
                tau = (sum - 1) / n;
            }
        }
        return tau;
    }
}
