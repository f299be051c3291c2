package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;

/**
 * One row of a softmax loss in double, from the scalar formula of the loss: the DOUBLE path, the path of rows that the
 * fast kernel leaves (infinities, NaN, soft labels of any loss), and the meaning of both.
 */
final class SoftmaxRow {
    /** Logarithms of probabilities are floored here, as PyTorch does. */
    private static final double LOG_FLOOR = -100;

    private final SoftmaxLoss[] formulas;
    private final InputForm input;
    private final ChangedLogits logits;
    private final double zLoss;
    private final int columns;
    private final DoublePrimitives primitives;
    /** Exponentials of the logits minus the largest of their row. */
    private final double[] exp;
    /** By row: the largest logit, and where it is. */
    private final double[] max;

    private final int[] top;
    /** By row: the sum of the exponentials, the same with the largest, which is 1, and the logarithm of that. */
    private final double[] others;

    private final double[] total;
    private final double[] logTotal;

    private double slope;

    SoftmaxRow(LossJob job) {
        this(job, 1, Simd.primitives().doubles());
    }

    /** For tiles of so many rows, see {@link #prepare}. */
    SoftmaxRow(LossJob job, int rows, DoublePrimitives primitives) {
        SoftmaxLoss loss = (SoftmaxLoss) job.spec();
        this.primitives = primitives;
        columns = job.predictions().columns();
        formulas = new SoftmaxLoss[loss.columns() == 0 ? 1 : columns];
        for (int k = 0; k < formulas.length; k++) {
            formulas[k] = loss.columns() == 0 ? loss : loss.forColumn(k);
        }
        input = loss.input();
        logits = new ChangedLogits(job.logits());
        zLoss = job.zLoss();
        Scratch scratch = Scratch.ofThisThread();
        exp = scratch.doubles(primitives.whole(rows * columns));
        max = scratch.doubles(rows);
        top = scratch.ints(rows);
        others = scratch.doubles(primitives.whole(rows));
        total = scratch.doubles(primitives.whole(rows));
        logTotal = scratch.doubles(primitives.whole(rows));
    }

    private SoftmaxLoss formula(int k) {
        return formulas[formulas.length == 1 ? 0 : k];
    }

    /**
     * Computes one row.
     *
     * @param x predictions; overwritten by the transformed logits
     * @param targets the labels
     * @param r the row in the targets
     * @param e scratch of K
     * @param gradient overwritten with the unscaled gradient
     * @return the weighted term
     */
    double compute(double[] x, Targets targets, int r, double[] e, double[] gradient) {
        if (input == InputForm.LOGITS) {
            prepare(x, targets, r, 1);
        }
        return prepared(x, 0, targets, r, e, gradient);
    }

    /**
     * Transforms the logits of a tile and takes its exponentials and logarithms for all rows at once, as a short row would
     * not fill a vector.
     *
     * @param x logits, row after row
     * @param first the first row in the targets
     */
    void prepare(double[] x, Targets targets, int first, int n) {
        for (int i = 0; i < n; i++) {
            if (targets.hot[first + i] != Targets.NOTHING) {
                logits.change(x, i * columns, columns, targets, first + i);
                shift(x, i);
            }
        }
        primitives.exp(exp, exp, primitives.whole(n * columns));
        for (int i = 0; i < n; i++) {
            others[i] = primitives.sum(exp, i * columns, columns);
            exp[i * columns + top[i]] = 1;
        }
        primitives.logOnePlus(others, total, logTotal, primitives.whole(n));
    }

    private void shift(double[] x, int i) {
        int at = i * columns;
        double largest = primitives.max(x, at, columns);
        int k = 0;
        while (k < columns - 1 && x[at + k] != largest) {
            k++;
        }
        max[i] = largest;
        top[i] = k;
        for (int j = at; j < at + columns; j++) {
            exp[j] = x[j] - largest;
        }
        // The largest term is exactly 1: kept apart, the others do not drown in it (log1p).
        exp[at + k] = Double.isNaN(largest) ? largest : Double.NEGATIVE_INFINITY;
    }

    /**
     * Computes a row after {@link #prepare}.
     *
     * @param x predictions of the tile; of logits the transformed ones
     * @param i the row in the tile
     * @param gradient of the tile
     */
    double prepared(double[] x, int i, Targets targets, int r, double[] e, double[] gradient) {
        int hot = targets.hot[r];
        if (hot == Targets.NOTHING) {
            Arrays.fill(gradient, i * columns, (i + 1) * columns, 0);
            return 0;
        }
        boolean fromLogits = input == InputForm.LOGITS;
        if (fromLogits && hot >= 0 && max[i] != Double.NEGATIVE_INFINITY) {
            return single(x, i, targets, r, gradient);
        }
        targets.effective(r, e);
        if (!fromLogits) {
            return fromLogs(x, i * columns, e, gradient);
        } else if (max[i] == Double.NEGATIVE_INFINITY) {
            return withoutAnyClass(i * columns, e, gradient);
        }
        return several(x, i, targets.rowWeight[r], e, gradient);
    }

    private double single(double[] x, int i, Targets targets, int r, double[] gradient) {
        int hot = targets.hot[r];
        int at = i * columns;
        double drift = drift(i, targets.rowWeight[r]);
        double weight = targets.weight[r];
        double l = x[at + hot] - max[i] - logTotal[i];
        double slope = weight == 0 ? 0 : weight * formula(hot).derivative(l);
        double factor = logits.scale() * (drift - slope) / total[i];
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = exp[at + k] * factor;
        }
        // 1 - p without cancellation, so that confident rows keep their relative accuracy.
        double rest = (hot == top[i] ? others[i] : total[i] - exp[at + hot]) / total[i];
        gradient[at + hot] = logits.scale() * (slope * rest + drift * exp[at + hot] / total[i]);
        return (weight == 0 ? 0 : weight * formula(hot).value(l)) + zTerm(i, targets.rowWeight[r]);
    }

    private double several(double[] x, int i, double rowWeight, double[] t, double[] gradient) {
        int at = i * columns;
        double value = 0;
        double slopes = 0;
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = 0;
            if (t[k] != 0) {
                double l = x[at + k] - max[i] - logTotal[i];
                value += t[k] * formula(k).value(l);
                gradient[at + k] = t[k] * formula(k).derivative(l);
                slopes += gradient[at + k];
            }
        }
        double factor = (drift(i, rowWeight) - slopes) / total[i];
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = logits.scale() * (gradient[at + k] + exp[at + k] * factor);
        }
        return value + zTerm(i, rowWeight);
    }

    /** The derivative of the z-loss by the logarithm of the partition function. */
    private double drift(int i, double rowWeight) {
        return zLoss == 0 ? 0 : 2 * zLoss * rowWeight * (max[i] + logTotal[i]);
    }

    private double zTerm(int i, double rowWeight) {
        double logPartition = max[i] + logTotal[i];
        return zLoss == 0 ? 0 : zLoss * rowWeight * logPartition * logPartition;
    }

    /** All logits are negative infinity: the loss of probability 0 for every class, and no direction to go. */
    private double withoutAnyClass(int at, double[] e, double[] gradient) {
        double value = 0;
        for (int k = 0; k < columns; k++) {
            value += e[k] == 0 ? 0 : e[k] * formula(k).value(Double.NEGATIVE_INFINITY);
        }
        Arrays.fill(gradient, at, at + columns, 0);
        return value;
    }

    private double fromLogs(double[] x, int at, double[] e, double[] gradient) {
        double value = 0;
        for (int k = 0; k < columns; k++) {
            gradient[at + k] = 0;
            if (e[k] != 0) {
                value += ofClass(k, x[at + k], e[k]);
                gradient[at + k] = slope;
            }
        }
        return value;
    }

    /**
     * The part of one class in a row of probabilities or their logarithms; its derivative is then {@link #slope}.
     *
     * @param x the prediction
     * @param weight the target, not 0
     */
    double ofClass(int k, double x, double weight) {
        boolean probabilities = input == InputForm.PROBABILITIES;
        double l = probabilities ? Math.log(x) : x;
        boolean floored = probabilities && l < LOG_FLOOR;
        double derivative = floored ? 0 : formula(k).derivative(l);
        slope = derivative == 0 ? 0 : weight * derivative / (probabilities ? x : 1);
        return weight * formula(k).value(floored ? LOG_FLOOR : l);
    }

    /** The derivative that {@link #ofClass} found last. */
    double slope() {
        return slope;
    }
}
