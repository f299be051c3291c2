package io.loss4j.cpu;

import io.loss4j.loss.PerColumn;
import java.util.Arrays;

/** Cross-entropy of logits that mitigation and compensation have shifted, for every label of a row anew. */
final class SeesawRule implements RowRule {
    private final int columns;
    private final float q;
    private final float leastLog;
    private final SoftmaxTile held;
    private final SoftmaxTile softmax;
    private final float[] shifted;
    /** Of rows with several labels, for one of them. */
    private final SoftmaxTile single;

    private final float[] row;
    /** p log N of each class. */
    private final float[] volume;

    SeesawRule(
            PerColumn classCounts, double p, double q, double epsilon, int columns, int rows, Primitives primitives) {
        this.columns = columns;
        this.q = (float) q;
        leastLog = (float) Math.log(epsilon);
        held = new SoftmaxTile(columns, rows, primitives);
        softmax = new SoftmaxTile(columns, rows, primitives);
        shifted = SoftmaxTile.array(rows * columns, primitives);
        single = new SoftmaxTile(columns, 1, primitives);
        row = SoftmaxTile.array(columns, primitives);
        volume = Scratch.ofThisThread().floats(columns);
        for (int k = 0; k < columns; k++) {
            volume[k] = (float) (p * Math.log(Math.max(1, classCounts.at(k))));
        }
    }

    @Override
    public void prepare(float[] x, int rows, int[] hot) {
        held.of(x, rows);
        for (int r = 0; r < rows; r++) {
            if (hot[r] >= 0 && held.top[r] >= 0) {
                shift(r * columns, hot[r], shifted, r * columns);
            }
        }
        softmax.of(shifted, rows);
    }

    private void shift(int at, int label, float[] to, int start) {
        float own = volume[label];
        float reference = Math.max(held.log[at + label], leastLog);
        for (int k = 0; k < columns; k++) {
            float mitigation = Math.min(0, volume[k] - own);
            float compensation = Math.max(0, held.log[at + k] - reference);
            to[start + k] = held.log[at + k] + mitigation + q * compensation;
        }
        to[start + label] = held.log[at + label];
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        int at = r * columns;
        if (hot < 0) {
            return held.top[r] < 0 ? Double.NaN : severalLabels(at, t, gradient);
        }
        if (held.top[r] < 0 || softmax.top[r] < 0) {
            return Double.NaN;
        }
        float weight = t[hot];
        for (int i = at; i < at + columns; i++) {
            gradient[i] = weight * softmax.p[i];
        }
        gradient[at + hot] = -weight * softmax.q[at + hot];
        return -(double) weight * softmax.log[at + hot];
    }

    private double severalLabels(int at, float[] t, float[] gradient) {
        Arrays.fill(gradient, at, at + columns, 0);
        double value = 0;
        for (int label = 0; label < columns; label++) {
            float weight = t[label];
            if (weight == 0) {
                continue;
            }
            shift(at, label, row, 0);
            single.of(row, 1);
            if (single.top[0] < 0) {
                return Double.NaN;
            }
            float own = gradient[at + label] - weight * single.q[label];
            for (int k = 0; k < columns; k++) {
                gradient[at + k] += weight * single.p[k];
            }
            gradient[at + label] = own;
            value -= (double) weight * single.log[label];
        }
        return value;
    }
}
