package io.loss4j.cpu;

/**
 * The bi-tempered logistic loss of rows with a single target, for t2 above 1. With a = t2 - 1 and d = z - max z the
 * probabilities are s = (1 + a (lambda - d))^(-1/a), and they sum to 1. The most probable class is computed in double and
 * apart: 1 - s of a confident row is all that counts.
 */
final class TemperedRule implements RowRule {
    /** Newton's method needs 2 to 6. */
    private static final int MOST_ROUNDS = 50;

    /** What is left of a sum of floats is noise. */
    private static final double NOISE = 1e-7;

    private final double t1;
    private final double t2;
    private final int columns;
    private final Primitives primitives;
    private final float[] distance;
    /** 1 + a (lambda - d), then s^t2. */
    private final float[] escort;
    /** log s. */
    private final float[] log;
    /** s, then other powers of it. */
    private final float[] power;

    private double lambda;
    /** The sum of the probabilities of all classes but the most probable. */
    private double others;
    /** The sum of their t2-th powers. */
    private double otherEscorts;

    TemperedRule(double t1, double t2, int columns, Primitives primitives) {
        this.t1 = t1;
        this.t2 = t2;
        this.columns = columns;
        this.primitives = primitives;
        distance = SoftmaxTile.array(columns, primitives);
        escort = SoftmaxTile.array(columns, primitives);
        log = SoftmaxTile.array(columns, primitives);
        power = SoftmaxTile.array(columns, primitives);
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        int at = r * columns;
        int top = top(x, at);
        if (hot < 0 || top < 0) {
            return Double.NaN;
        }
        normalise(top);
        double logTop = -Math.log1p((t2 - 1) * lambda) / (t2 - 1);
        double weight = t[hot];
        double logHot = hot == top ? logTop : log[hot];
        raise(2 - t1, top);
        double powers = SoftmaxTile.sum(power, 0, columns) + Math.expm1((2 - t1) * logTop);
        double value = weight * (powers / (2 - t1) - (t1 == 1 ? logHot : Math.expm1((1 - t1) * logHot) / (1 - t1)));

        raise(1 + t2 - t1, top);
        power[hot] = 0;
        double pushes = SoftmaxTile.sum(power, 0, columns);
        double ofHot = Math.exp((t2 - t1) * logHot) * Math.expm1(logHot);
        double ofTop = hot == top ? ofHot : Math.exp((1 + t2 - t1) * logTop);
        double rest = hot == top ? pushes : pushes + ofHot; // of all classes but the most probable
        double escortOfTop = Math.exp(t2 * logTop);
        double escorts = escortOfTop + otherEscorts;
        float slopes = (float) (weight * (rest + ofTop) / escorts);
        float w = (float) weight;
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = w * power[k] - escort[k] * slopes;
        }
        if (hot != top) {
            gradient[at + hot] = (float) (weight * ofHot - escort[hot] * (double) slopes);
        }
        gradient[at + top] = (float) (weight * (ofTop * otherEscorts - rest * escortOfTop) / escorts);
        return value;
    }

    /** Sets distances, and returns the first of the largest logits; -1 if some are infinite or NaN. */
    private int top(float[] x, int at) {
        float max = x[at];
        float min = x[at];
        for (int i = at; i < at + columns; i++) {
            max = Math.max(max, x[i]);
            min = Math.min(min, x[i]);
        }
        if (!(max < Float.POSITIVE_INFINITY && min > Float.NEGATIVE_INFINITY)) {
            return -1;
        }
        int top = 0;
        while (x[at + top] != max) {
            top++;
        }
        for (int k = 0; k < columns; k++) {
            distance[k] = max - x[at + k];
        }
        return top;
    }

    /**
     * Finds lambda. The sum S to the power of -a is concave in it, and linear if all classes are alike: from the left,
     * Newton's steps for that never go too far, and there are few.
     */
    private void normalise(int top) {
        double a = t2 - 1;
        lambda = 0;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            probabilities(top);
            double logTop = -Math.log1p(a * lambda) / a;
            double excess = others + Math.expm1(logTop);
            double sumOfEscorts = otherEscorts + Math.exp(t2 * logTop);
            double step = (1 + excess) * Math.expm1(a * Math.log1p(excess)) / (a * sumOfEscorts);
            if (!(excess > NOISE * others && lambda + step > lambda)) {
                break;
            }
            lambda += step;
        }
    }

    private void probabilities(int top) {
        float a = (float) (t2 - 1);
        float shift = (float) lambda;
        int n = log.length;
        for (int k = 0; k < n; k++) {
            escort[k] = a * (shift + distance[k]);
        }
        primitives.logOnePlus(escort, log, n);
        float exponent = -1 / a;
        for (int k = 0; k < n; k++) {
            log[k] *= exponent;
        }
        primitives.exp(log, power, n);
        power[top] = 0;
        for (int k = 0; k < n; k++) {
            escort[k] = power[k] / (1 + escort[k]);
        }
        others = SoftmaxTile.sum(power, 0, columns);
        otherEscorts = SoftmaxTile.sum(escort, 0, columns);
    }

    /** Powers of the probabilities of all classes but the most probable. */
    private void raise(double exponent, int top) {
        float e = (float) exponent;
        for (int k = 0; k < log.length; k++) {
            power[k] = e * log[k];
        }
        primitives.exp(power, power, log.length);
        power[top] = 0;
    }
}
