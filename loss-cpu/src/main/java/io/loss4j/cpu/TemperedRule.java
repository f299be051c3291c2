package io.loss4j.cpu;

/**
 * The bi-tempered logistic loss. With a = t2 - 1 and d = z - max z the probabilities are s = (1 + a (lambda - d))^(-1/a),
 * and they sum to 1; for t2 = 1 they are a softmax. The most probable class is computed in double and apart: 1 - s of a
 * confident row is all that counts.
 */
final class TemperedRule implements RowRule {
    /** Newton's method needs 2 to 6. */
    private static final int MOST_ROUNDS = 50;

    /** What is left of a sum of floats is noise. */
    private static final double NOISE = 1e-7;

    /** A value below this part of its terms has lost too many digits: the formula does better. */
    private static final double REMAINDER = 4e-3;

    /** Stands for a label of 0, whose logarithm is multiplied by 0. */
    private static final float NO_LABEL = 1e-37f;

    private final double t1;
    private final double t2;
    private final boolean labelEntropy;
    private final int columns;
    private final Primitives primitives;
    private final float[] distance;
    /** 1 + a (lambda - d), then s^t2. */
    private final float[] escort;
    /** log s. */
    private final float[] log;
    /** s, then other powers of it. */
    private final float[] power;
    /** Of rows with several labels: s. */
    private final float[] share;
    /** Of rows with several labels: their logarithms, and powers. */
    private final float[] label;

    private double lambda;
    /** log s of the most probable class. */
    private double logTop;
    /** The sum of the probabilities of all classes but the most probable. */
    private double others;
    /** The sum of their t2-th powers. */
    private double otherEscorts;

    TemperedRule(double t1, double t2, boolean labelEntropy, int columns, Primitives primitives) {
        this.t1 = t1;
        this.t2 = t2;
        this.labelEntropy = labelEntropy;
        this.columns = columns;
        this.primitives = primitives;
        distance = SoftmaxTile.array(columns, primitives);
        escort = SoftmaxTile.array(columns, primitives);
        log = SoftmaxTile.array(columns, primitives);
        power = SoftmaxTile.array(columns, primitives);
        share = SoftmaxTile.array(columns, primitives);
        label = SoftmaxTile.array(columns, primitives);
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        int at = r * columns;
        int top = top(x, at);
        if (top < 0) {
            return Double.NaN;
        }
        if (t2 == 1) {
            softmax(top);
        } else {
            normalise(top);
        }
        return hot >= 0 ? oneLabel(at, top, hot, t, gradient) : severalLabels(at, top, t, gradient);
    }

    private double oneLabel(int at, int top, int hot, float[] t, float[] gradient) {
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

    private double severalLabels(int at, int top, float[] t, float[] gradient) {
        for (float each : t) {
            if (!(each >= 0)) {
                return Double.NaN;
            }
        }
        double total = SoftmaxTile.sum(t, 0, columns);
        log[top] = (float) logTop;
        double value = value(total, t);
        raise(1, top);
        System.arraycopy(power, 0, share, 0, columns);
        raise(t2 - t1, top);
        float all = (float) total;
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = power[k] * (all * share[k] - t[k]);
        }
        double ofTop = Math.exp((t2 - t1) * logTop) * (total - t[top] - total * others);
        gradient[at + top] = 0;
        double rest = SoftmaxTile.sum(gradient, at, columns);
        double escortOfTop = Math.exp(t2 * logTop);
        double escorts = escortOfTop + otherEscorts;
        float slopes = (float) ((rest + ofTop) / escorts);
        for (int k = 0; k < columns; k++) {
            gradient[at + k] -= escort[k] * slopes;
        }
        gradient[at + top] = (float) ((ofTop * otherEscorts - rest * escortOfTop) / escorts);
        return value;
    }

    /** Of several labels; NaN if the terms cancel. */
    private double value(double total, float[] t) {
        if (total == 0) {
            return 0;
        }
        int n = log.length;
        double ofProbabilities = -temperedLogs(log, t);
        for (int k = 0; k < n; k++) {
            power[k] = (float) (2 - t1) * log[k];
        }
        primitives.exp(power, power, n);
        double powers = SoftmaxTile.sum(power, 0, columns);
        float inverse = (float) (1 / total);
        for (int k = 0; k < columns; k++) {
            label[k] = Math.max(t[k] * inverse, NO_LABEL);
        }
        primitives.log(label, label, n);
        double ofLabels = labelEntropy ? temperedLogs(label, t) : 0;
        for (int k = 0; k < n; k++) {
            power[k] = (float) (2 - t1) * label[k];
        }
        primitives.exp(power, power, n);
        double labelPowers = SoftmaxTile.sum(power, 0, columns);
        double gained = total * powers / (2 - t1) + ofProbabilities;
        double value = gained + ofLabels - total * labelPowers / (2 - t1);
        return value > REMAINDER * gained ? value : Double.NaN;
    }

    /** The sum of t times the tempered logarithms of the numbers with these logarithms. */
    private double temperedLogs(float[] logs, float[] t) {
        if (t1 == 1) {
            return SoftmaxTile.product(logs, 0, t);
        }
        float factor = (float) (1 - t1);
        for (int k = 0; k < logs.length; k++) {
            power[k] = factor * logs[k];
        }
        primitives.expAndOneLess(power, share, power, logs.length);
        return SoftmaxTile.product(power, 0, t) / (1 - t1);
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

    private void softmax(int top) {
        int n = log.length;
        for (int k = 0; k < n; k++) {
            log[k] = -distance[k];
        }
        primitives.exp(log, power, n);
        power[top] = 0;
        double sum = SoftmaxTile.sum(power, 0, columns);
        logTop = -Math.log1p(sum);
        float shift = (float) logTop;
        float factor = (float) (1 / (1 + sum));
        for (int k = 0; k < n; k++) {
            log[k] += shift;
            escort[k] = power[k] * factor;
        }
        others = sum / (1 + sum);
        otherEscorts = others;
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
            logTop = -Math.log1p(a * lambda) / a;
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
