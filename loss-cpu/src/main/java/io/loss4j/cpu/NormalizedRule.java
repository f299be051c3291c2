package io.loss4j.cpu;

/** Normalised cross-entropy or focal loss, and a passive term f sum t (1 - p). */
final class NormalizedRule implements RowRule {
    private final int columns;
    private final Primitives primitives;
    private final float gamma;
    private final double active;
    private final double passive;
    private final SoftmaxTile softmax;
    /** The loss of each class as if it were the label, negative; of cross-entropy it is log p. */
    private final float[] cost;
    /** The derivative of the loss of each class by its log p; -1 of cross-entropy. */
    private final float[] slope;

    /**
     * @param active factor of the normalised loss
     * @param gamma its focusing exponent; 0 for cross-entropy
     * @param passive f
     */
    NormalizedRule(double active, double gamma, double passive, int columns, int rows, Primitives primitives) {
        this.columns = columns;
        this.primitives = primitives;
        this.active = active;
        this.gamma = (float) gamma;
        this.passive = passive;
        softmax = new SoftmaxTile(columns, rows, primitives);
        cost = gamma == 0 ? softmax.log : SoftmaxTile.array(rows * columns, primitives);
        slope = SoftmaxTile.array(gamma == 0 ? 0 : rows * columns, primitives);
    }

    @Override
    public void prepare(float[] x, int rows, int[] hot) {
        softmax.of(x, rows);
        if (gamma != 0) {
            focus(rows * columns);
        }
    }

    /** (1 - p)^gamma log p and its derivative. */
    private void focus(int n) {
        FocalPower.of(softmax.q, gamma, slope, SoftmaxTile.whole(n, primitives), primitives);
        for (int i = 0; i < n; i++) {
            float power = slope[i];
            cost[i] = power * softmax.log[i];
            slope[i] = FocalPower.slope(power, gamma, softmax.p[i], softmax.q[i], softmax.log[i]);
        }
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        if (softmax.top[r] < 0) {
            return Double.NaN;
        }
        int at = r * columns;
        double given;
        double rest; // what the others cost, apart: all - given would lose it where the label is all but impossible
        if (hot >= 0) {
            float own = cost[at + hot];
            cost[at + hot] = 0;
            rest = -SoftmaxTile.sum(cost, at, columns);
            cost[at + hot] = own;
            given = -own;
        } else {
            given = -SoftmaxTile.product(cost, at, t);
            rest = -SoftmaxTile.sum(cost, at, columns);
        }
        double all = hot >= 0 ? given + rest : rest;
        double ratio = all == 0 ? 0 : hot >= 0 ? given / all * t[hot] : given / all;
        slopes(at, all == 0 ? 0 : active / all, ratio, t, gradient);
        double value = active * ratio + passive * SoftmaxTile.product(softmax.q, at, t);
        if (hot >= 0 && all != 0) {
            double own = (gamma == 0 ? -1 : slope[at + hot]) * active * t[hot] * (rest / all) / all;
            gradient[at + hot] = (float) (own - passive * t[hot] * softmax.p[at + hot]);
        }
        softmax.toLogits(r, gradient);
        return value;
    }

    /** By log p: factor (t - ratio) times the slope of the class, less the passive term. */
    private void slopes(int at, double factor, double ratio, float[] t, float[] gradient) {
        float f = (float) factor;
        float constant = (float) (factor * ratio);
        float pull = (float) passive;
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = constant - f * t[k];
        }
        if (gamma != 0) {
            for (int k = 0; k < columns; k++) {
                gradient[at + k] *= -slope[at + k];
            }
        }
        if (passive != 0) {
            for (int k = 0; k < columns; k++) {
                gradient[at + k] -= pull * t[k] * softmax.p[at + k];
            }
        }
    }
}
