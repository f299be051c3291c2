package io.loss4j.cpu;

import io.loss4j.loss.PerColumn;

/** Cross-entropy of logits that mitigation and compensation have shifted; rows with several targets are left. */
final class SeesawRule implements RowRule {
    private final int columns;
    private final float q;
    private final float leastLog;
    private final SoftmaxTile held;
    private final SoftmaxTile softmax;
    private final float[] shifted;
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
        volume = new float[columns];
        for (int k = 0; k < columns; k++) {
            volume[k] = (float) (p * Math.log(Math.max(1, classCounts.at(k))));
        }
    }

    @Override
    public void prepare(float[] x, int rows, int[] hot) {
        held.of(x, rows);
        for (int r = 0; r < rows; r++) {
            if (hot[r] >= 0 && held.top[r] >= 0) {
                shift(r * columns, hot[r]);
            }
        }
        softmax.of(shifted, rows);
    }

    private void shift(int at, int label) {
        float own = volume[label];
        float reference = Math.max(held.log[at + label], leastLog);
        for (int k = 0; k < columns; k++) {
            float mitigation = Math.min(0, volume[k] - own);
            float compensation = Math.max(0, held.log[at + k] - reference);
            shifted[at + k] = held.log[at + k] + mitigation + q * compensation;
        }
        shifted[at + label] = held.log[at + label];
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        if (hot < 0 || held.top[r] < 0 || softmax.top[r] < 0) {
            return Double.NaN;
        }
        int at = r * columns;
        float weight = t[hot];
        for (int i = at; i < at + columns; i++) {
            gradient[i] = weight * softmax.p[i];
        }
        gradient[at + hot] = -weight * softmax.q[at + hot];
        return -(double) weight * softmax.log[at + hot];
    }
}
