package io.loss4j.cpu;

/**
 * Negative log-likelihood of a mixture of normal distributions. Exponentials are single, exponents are double: of a label
 * far from all means, single precision would lose by which component it is explained.
 */
final class MixtureRule implements RowRule {
    private static final double HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

    /** Logarithms of deviations whose exponential is a normal float. */
    private static final float MOST = 80;

    /** In squared deviations: farther, what the rounding of a deviation does to the exponent counts. */
    private static final double FAR = 8;

    /** A component that is less likely than the best by this factor, a power of e, explains nothing that counts. */
    private static final double IDLE = 40;

    private final int components;
    private final int width;
    private final int columns;
    private final double floor;
    private final double precisionOfFloor;
    private final Primitives primitives;
    /** Exponentials of the logits of the shares, by row. */
    private final float[] share;
    /** 1 / sigma, by row. */
    private final float[] inverse;
    /** By row: the first of the largest logits. */
    private final int[] best;

    /** Of each component: log of share times density. */
    private final double[] joint;
    /** Of each component: 1 / sigma^2. */
    private final double[] precision;
    /** Of each component: from the label, in squared deviations. */
    private final double[] distance;
    /** Share times density, the largest is 1. */
    private final float[] likelihood;

    MixtureRule(int components, int width, double epsilon, int rows, Primitives primitives) {
        this.components = components;
        this.width = width;
        this.primitives = primitives;
        columns = (width + 2) * components;
        floor = Math.log(epsilon) / 2;
        precisionOfFloor = 1 / epsilon;
        share = SoftmaxTile.array(rows * components, primitives);
        inverse = SoftmaxTile.array(rows * components, primitives);
        Scratch scratch = Scratch.ofThisThread();
        best = scratch.ints(rows);
        joint = scratch.doubles(components);
        precision = scratch.doubles(components);
        distance = scratch.doubles(components);
        likelihood = SoftmaxTile.array(components, primitives);
    }

    @Override
    public void prepare(float[] x, int rows, int[] hot) {
        for (int r = 0; r < rows; r++) {
            int at = r * columns;
            int top = 0;
            for (int i = 1; i < components; i++) {
                top = x[at + i] > x[at + top] ? i : top;
            }
            best[r] = top;
            float max = x[at + top];
            for (int i = 0; i < components; i++) {
                share[r * components + i] = x[at + i] - max;
                inverse[r * components + i] = -x[at + components + i];
            }
        }
        int n = SoftmaxTile.whole(rows * components, primitives);
        primitives.exp(share, share, n);
        primitives.exp(inverse, inverse, n);
    }

    @Override
    public double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        int at = r * columns;
        int from = r * components;
        share[from + best[r]] = 0;
        double otherShares = SoftmaxTile.sum(share, from, components);
        share[from + best[r]] = 1;
        double base = -(double) x[at + best[r]] - Math.log1p(otherShares);
        for (int i = 0; i < components; i++) {
            float s = x[at + components + i];
            if (!(s < MOST && (s > -MOST || s < floor))) {
                return Double.NaN;
            }
            double scale = inverse[from + i];
            precision[i] = s < floor ? precisionOfFloor : scale * scale;
            distance[i] = distance(x, at, i, t) * precision[i];
            joint[i] = base + x[at + i] - width * (HALF_LOG_TWO_PI + Math.max(s, floor)) - distance[i] / 2;
        }
        double nearest = joint[top()];
        for (int i = 0; i < components; i++) {
            float s = x[at + components + i];
            if (distance[i] > FAR && s >= floor && joint[i] > nearest - IDLE) {
                precision[i] = Math.exp(-2.0 * s);
                double exact = distance(x, at, i, t) * precision[i];
                joint[i] += (distance[i] - exact) / 2;
                distance[i] = exact;
            }
        }
        int top = top();
        double largest = joint[top];
        for (int i = 0; i < components; i++) {
            likelihood[i] = (float) (joint[i] - largest);
        }
        primitives.exp(likelihood, likelihood, likelihood.length);
        likelihood[top] = 0;
        double others = SoftmaxTile.sum(likelihood, 0, components);
        likelihood[top] = 1;
        for (int i = 0; i < components; i++) {
            slopes(x, at, i, likelihood[i] / (1 + others), t, gradient);
            gradient[at + i] = (float) (share[from + i] / (1 + otherShares) - likelihood[i] / (1 + others));
        }
        if (top == best[r]) {
            // by what is missing to 1
            gradient[at + top] = (float) (others / (1 + others) - otherShares / (1 + otherShares));
        }
        return -largest - Math.log1p(others);
    }

    /** The derivatives by deviation and means of a component that explains so much of the label. */
    private void slopes(float[] x, int at, int i, double explained, float[] t, float[] gradient) {
        int deviation = at + components + i;
        gradient[deviation] = x[deviation] < floor ? 0 : (float) (explained * (width - distance[i]));
        int mean = at + 2 * components + i * width;
        for (int w = 0; w < width; w++) {
            gradient[mean + w] = (float) (explained * ((double) x[mean + w] - t[w]) * precision[i]);
        }
    }

    private double distance(float[] x, int at, int i, float[] t) {
        int mean = at + 2 * components + i * width;
        double sum = 0;
        for (int w = 0; w < width; w++) {
            double d = (double) t[w] - x[mean + w];
            sum += d * d;
        }
        return sum;
    }

    private int top() {
        int top = 0;
        for (int i = 1; i < components; i++) {
            top = joint[i] > joint[top] ? i : top;
        }
        return top;
    }
}
