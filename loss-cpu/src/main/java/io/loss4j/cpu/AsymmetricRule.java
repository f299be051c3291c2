package io.loss4j.cpu;

/** Asymmetric focusing of a single label, with or without the logarithms of 1 - p of the other classes. */
final class AsymmetricRule implements RowRule {
    /** Smaller probabilities of all classes but the most likely have no logarithm or reciprocal in single precision. */
    private static final float LEAST_OTHERS = 1e-37f;

    private final int columns;
    private final float gammaPositive;
    private final float gammaNegative;
    private final double smoothing;
    private final double negatives;
    private final SoftmaxTile softmax;
    private final Primitives primitives;
    /** (1 - p)^gamma+. */
    private final float[] positive;
    /** p^gamma-. */
    private final float[] negative;
    /** log(1 - p). */
    private final float[] complement;
    /** What each other class costs. */
    private final float[] cost;

    AsymmetricRule(
            double gammaPositive,
            double gammaNegative,
            double smoothing,
            double negatives,
            int columns,
            int rows,
            Primitives primitives) {
        this.columns = columns;
        this.gammaPositive = (float) gammaPositive;
        this.gammaNegative = (float) gammaNegative;
        this.smoothing = smoothing;
        this.negatives = negatives;
        this.primitives = primitives;
        softmax = new SoftmaxTile(columns, rows, primitives);
        positive = SoftmaxTile.array(gammaPositive == 0 ? 0 : rows * columns, primitives);
        negative = SoftmaxTile.array(rows * columns, primitives);
        complement = SoftmaxTile.array(negatives == 0 ? 0 : rows * columns, primitives);
        cost = Scratch.ofThisThread().floats(negatives == 0 ? 0 : columns);
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
        if (negatives != 0) {
            for (int i = 0; i < n; i++) {
                complement[i] = -softmax.p[i];
            }
            primitives.logOnePlus(complement, complement, n);
        }
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        if (softmax.top[r] < 0 || negatives != 0 && softmax.q[r * columns + softmax.top[r]] < LEAST_OTHERS) {
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
        if (negatives == 0) {
            softmax.toLogits(r, gradient);
            return value;
        }
        int top = softmax.top[r];
        value += negatives(at, top, total, t, gradient);
        softmax.toLogits(r, gradient);
        pull(at, top, (total - t[top]) * negatives * negative[at + top], gradient);
        return value;
    }

    /** What the others cost by log(1 - p), and its slopes by log p, but for 1 - p of the most likely class. */
    private double negatives(int at, int top, double total, float[] t, float[] gradient) {
        complement[at + top] = (float) Math.log(softmax.q[at + top]);
        float ofTop = gradient[at + top];
        for (int k = 0; k < columns; k++) {
            float other = (float) ((total - t[k]) * negatives) * negative[at + k];
            cost[k] = -other * complement[at + k];
            gradient[at + k] += gammaNegative * cost[k] + other * softmax.p[at + k] / softmax.q[at + k];
        }
        gradient[at + top] = ofTop + gammaNegative * cost[top];
        return SoftmaxTile.sum(cost, 0, columns);
    }

    /** -log(1 - p) of the most likely class is logsumexp of all less that of the others: p less p among the others. */
    private void pull(int at, int top, double weight, float[] gradient) {
        float ofTop = (float) (gradient[at + top] + weight * softmax.p[at + top]);
        float amongOthers = (float) (weight * softmax.p[at + top] / softmax.q[at + top]);
        for (int i = at; i < at + columns; i++) {
            gradient[i] -= amongOthers * softmax.p[i];
        }
        gradient[at + top] = ofTop;
    }
}
