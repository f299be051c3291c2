package io.loss4j.cpu;

/** Cross-entropy to beta t + (1 - beta) times what the network believes: its probabilities, or its first choice. */
final class BootstrapRule implements RowRule {
    private final int columns;
    private final float beta;
    private final boolean hard;
    private final SoftmaxTile softmax;

    BootstrapRule(double beta, boolean hard, int columns, int rows, Primitives primitives) {
        this.columns = columns;
        this.beta = (float) beta;
        this.hard = hard;
        softmax = new SoftmaxTile(columns, rows, primitives);
    }

    @Override
    public void prepare(float[] x, int rows, int[] hot) {
        softmax.of(x, rows);
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        if (softmax.top[r] < 0) {
            return Double.NaN;
        }
        int at = r * columns;
        double total = hot >= 0 ? t[hot] : SoftmaxTile.sum(t, 0, columns);
        float believed = (float) ((1.0 - beta) * total);
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = -beta * t[k];
        }
        double value =
                -beta * (hot >= 0 ? (double) t[hot] * softmax.log[at + hot] : SoftmaxTile.product(softmax.log, at, t));
        if (hard) {
            int best = at + softmax.top[r];
            gradient[best] -= believed;
            value -= (double) believed * softmax.log[best];
        } else {
            for (int i = at; i < at + columns; i++) {
                gradient[i] -= believed * softmax.p[i];
            }
            value -= believed * softmax.entropy(r);
        }
        softmax.toLogits(r, gradient);
        return value;
    }
}
