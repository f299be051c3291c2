package io.loss4j.cpu;

/** Asymmetric focusing of a single label, without the term of the paper's negatives. */
final class AsymmetricRule implements RowRule {
    private final int columns;
    private final float gammaPositive;
    private final float gammaNegative;
    private final double smoothing;
    private final SoftmaxTile softmax;
    private final Primitives primitives;
    /** (1 - p)^gamma+. */
    private final float[] positive;
    /** p^gamma-. */
    private final float[] negative;

    AsymmetricRule(
            double gammaPositive,
            double gammaNegative,
            double smoothing,
            int columns,
            int rows,
            Primitives primitives) {
        this.columns = columns;
        this.gammaPositive = (float) gammaPositive;
        this.gammaNegative = (float) gammaNegative;
        this.smoothing = smoothing;
        this.primitives = primitives;
        softmax = new SoftmaxTile(columns, rows, primitives);
        positive = SoftmaxTile.array(gammaPositive == 0 ? 0 : rows * columns, primitives);
        negative = SoftmaxTile.array(rows * columns, primitives);
    }

    @Override
    public void prepare(float[] x, int rows, int[] hot) {
        softmax.of(x, rows);
        int n = SoftmaxTile.whole(rows * columns, primitives);
        if (gammaPositive != 0) {
            FocalPower.of(softmax.q, gammaPositive, positive, n, primitives);
        }
        for (int i = 0; i < n; i++) {
            negative[i] = gammaNegative * softmax.log[i];
        }
        primitives.exp(negative, negative, n);
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        if (softmax.top[r] < 0) {
            return Double.NaN;
        }
        int at = r * columns;
        double total = hot >= 0 ? t[hot] : SoftmaxTile.sum(t, 0, columns);
        double spread = smoothing / columns;
        float[] log = softmax.log;
        float others = (float) (total * spread);
        float each = (float) spread;
        // the value in the place of the gradient, to add it up; the focused logarithms of all classes first
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = (others - each * t[k]) * negative[at + k] * log[at + k];
        }
        double value = smoothing == 0 ? 0 : -SoftmaxTile.sum(gradient, at, columns);
        for (int k = 0; k < columns; k++) {
            float other = others - each * t[k];
            gradient[at + k] = -other * negative[at + k] * (1 + gammaNegative * log[at + k]);
        }
        float kept = (float) (1 - smoothing + spread);
        int from = hot >= 0 ? hot : 0;
        int to = hot >= 0 ? hot + 1 : columns;
        for (int k = from; k < to; k++) {
            float power = gammaPositive == 0 ? 1 : positive[at + k];
            float own = kept * t[k];
            float slope = gammaPositive == 0
                    ? -1
                    : FocalPower.slope(power, gammaPositive, softmax.p[at + k], softmax.q[at + k], log[at + k]);
            value -= (double) own * power * log[at + k];
            gradient[at + k] += own * slope;
        }
        softmax.toLogits(r, gradient);
        return value;
    }
}
