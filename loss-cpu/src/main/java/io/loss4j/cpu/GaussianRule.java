package io.loss4j.cpu;

/** Gaussian negative log-likelihood: means in the first half of a row, logarithms of variances in the second. */
final class GaussianRule implements RowRule {
    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    private final int columns;
    private final boolean full;
    private final float floor;
    private final Primitives primitives;
    private final float[] precision;

    GaussianRule(boolean full, double epsilon, int columns, int rows, Primitives primitives) {
        this.columns = columns;
        this.full = full;
        this.floor = (float) Math.log(epsilon);
        this.primitives = primitives;
        precision = SoftmaxTile.array(rows * columns, primitives);
    }

    @Override
    public void prepare(float[] x, int rows, int[] hot) {
        int n = rows * columns;
        for (int i = 0; i < n; i++) {
            precision[i] = -Math.max(x[i], floor);
        }
        primitives.exp(precision, precision, SoftmaxTile.whole(n, primitives));
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        int means = columns / 2;
        int at = r * columns;
        double value = full ? means * LOG_TWO_PI / 2 : 0;
        for (int m = at; m < at + means; m++) {
            float logVariance = x[means + m];
            double d = (double) x[m] - t[m - at];
            double pull = d * precision[means + m];
            value += (Math.max(logVariance, floor) + d * pull) / 2;
            gradient[m] = (float) pull;
            gradient[means + m] = logVariance < floor ? 0 : (float) ((1 - d * pull) / 2);
        }
        return value;
    }
}
