package io.loss4j.cpu;

/**
 * The softmax of all rows of a tile in single precision: probabilities, what is missing to 1, and logarithms. The largest
 * exponential, which is 1, is kept apart, so that 1 - p and log p of a confident row keep their relative accuracy.
 */
final class SoftmaxTile {
    private final int columns;
    private final Primitives primitives;
    /** log p. */
    final float[] log;

    final float[] p;
    /** 1 - p. */
    final float[] q;
    /** By row: the first of the largest logits; -1 if some are infinite or NaN, and nothing else holds. */
    final int[] top;
    /** By row: the largest logit. */
    final float[] max;
    /** By row: the logarithm of the sum of the exponentials of logits minus the largest. */
    final double[] logTotal;
    /** By row: the sum of all exponentials but the largest. */
    private final double[] others;
    /** The same, then {@link #logTotal}: a logarithm at a time would take longer than all the rest of a short row. */
    private final float[] logs;

    SoftmaxTile(int columns, int rows, Primitives primitives) {
        this.columns = columns;
        this.primitives = primitives;
        log = array(rows * columns, primitives);
        p = array(rows * columns, primitives);
        q = array(rows * columns, primitives);
        Scratch scratch = Scratch.ofThisThread();
        top = scratch.ints(rows);
        max = scratch.floats(rows);
        logTotal = scratch.doubles(rows);
        others = scratch.doubles(rows);
        logs = array(rows, primitives);
    }

    /** Room for so many floats and whole vectors. */
    static float[] array(int size, Primitives primitives) {
        return Scratch.ofThisThread().floats(whole(size, primitives));
    }

    static int whole(int size, Primitives primitives) {
        return (size + primitives.lanes() - 1) / primitives.lanes() * primitives.lanes();
    }

    /** Computes so many rows. */
    void of(float[] x, int rows) {
        for (int r = 0; r < rows; r++) {
            shift(x, r);
        }
        primitives.exp(log, p, whole(rows * columns, primitives));
        for (int r = 0; r < rows; r++) {
            others[r] = top[r] < 0 ? 0 : withoutTop(r);
            logs[r] = (float) others[r];
        }
        primitives.logOnePlus(logs, logs, whole(rows, primitives));
        for (int r = 0; r < rows; r++) {
            if (top[r] >= 0) {
                divide(r);
            }
        }
    }

    private double withoutTop(int r) {
        int at = r * columns;
        p[at + top[r]] = 0;
        double sum = sum(p, at, columns);
        p[at + top[r]] = 1;
        return sum;
    }

    private void shift(float[] x, int r) {
        int at = r * columns;
        int end = at + columns;
        float largest = x[at];
        float least = x[at];
        for (int i = at; i < end; i++) {
            largest = Math.max(largest, x[i]);
            least = Math.min(least, x[i]);
        }
        max[r] = largest;
        if (!(largest < Float.POSITIVE_INFINITY && least > Float.NEGATIVE_INFINITY)) {
            top[r] = -1;
            return;
        }
        int first = at;
        while (x[first] != largest) {
            first++;
        }
        top[r] = first - at;
        for (int i = at; i < end; i++) {
            log[i] = x[i] - largest;
        }
    }

    private void divide(int r) {
        int at = r * columns;
        float lessLog = logs[r];
        logTotal[r] = lessLog;
        double factor = 1 / (1 + others[r]);
        float single = (float) factor;
        for (int i = at; i < at + columns; i++) {
            p[i] *= single;
            q[i] = 1 - p[i];
            log[i] -= lessLog;
        }
        q[at + top[r]] = (float) (others[r] * factor);
    }

    /** Derivatives by the log-probabilities of a row become those by its logits: g_j (1 - p_j) - p_j (sum g - g_j). */
    void toLogits(int r, float[] gradient) {
        int at = r * columns;
        double sum = sum(gradient, at, columns);
        float all = (float) sum;
        int best = at + top[r];
        // in double where the others are what matters
        double ofBest = gradient[best] * (double) q[best] - p[best] * (sum - gradient[best]);
        for (int i = at; i < at + columns; i++) {
            gradient[i] = gradient[i] * q[i] - p[i] * (all - gradient[i]);
        }
        gradient[best] = (float) ofBest;
    }

    /**
     * Derivatives by the probabilities of a row become those by its logits, p_j (g_j - sum p g); without cancellation for
     * the most probable class. Also for rows that were written by others.
     */
    void fromProbabilities(int r, float[] gradient) {
        int at = r * columns;
        int best = at + Math.max(0, top[r]);
        float ofBest = gradient[best];
        gradient[best] = 0;
        double others = 0;
        for (int i = at; i < at + columns; i++) {
            others += (double) p[i] * gradient[i];
        }
        float mean = (float) (others + (double) p[best] * ofBest);
        for (int i = at; i < at + columns; i++) {
            gradient[i] = p[i] * (gradient[i] - mean);
        }
        gradient[best] = (float) (p[best] * ((double) ofBest * q[best] - others));
    }

    /** sum p log p, which is not above 0. */
    double entropy(int r) {
        int at = r * columns;
        double a = 0;
        double b = 0;
        int i = at;
        for (; i < at + columns - 1; i += 2) {
            a += (double) p[i] * log[i];
            b += (double) p[i + 1] * log[i + 1];
        }
        return i < at + columns ? a + b + (double) p[i] * log[i] : a + b;
    }

    /** In double, in four partial sums: one would wait for itself. */
    static double sum(float[] v, int at, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = at;
        for (; i < at + n - 3; i += 4) {
            a += v[i];
            b += v[i + 1];
            c += v[i + 2];
            d += v[i + 3];
        }
        for (; i < at + n; i++) {
            a += v[i];
        }
        return a + b + (c + d);
    }

    /** The sum of products of v from an index on and t from its start, in double. */
    static double product(float[] v, int at, float[] t) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int k = 0;
        for (; k < t.length - 3; k += 4) {
            a += (double) v[at + k] * t[k];
            b += (double) v[at + k + 1] * t[k + 1];
            c += (double) v[at + k + 2] * t[k + 2];
            d += (double) v[at + k + 3] * t[k + 3];
        }
        for (; k < t.length; k++) {
            a += (double) v[at + k] * t[k];
        }
        return a + b + (c + d);
    }
}
