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
    /** Log-probabilities of the row. */
    private final double[] log;
    /** Exponentials of the logits minus the largest. */
    private final double[] exp;

    private double slope;

    SoftmaxRow(LossJob job) {
        SoftmaxLoss loss = (SoftmaxLoss) job.spec();
        columns = job.predictions().columns();
        formulas = new SoftmaxLoss[loss.columns() == 0 ? 1 : columns];
        for (int k = 0; k < formulas.length; k++) {
            formulas[k] = loss.columns() == 0 ? loss : loss.forColumn(k);
        }
        input = loss.input();
        logits = new ChangedLogits(job.logits());
        zLoss = job.zLoss();
        log = new double[columns];
        exp = new double[columns];
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
        int hot = targets.hot[r];
        if (hot == Targets.NOTHING) {
            Arrays.fill(gradient, 0, columns, 0);
            return 0;
        }
        if (hot == Targets.SOFT) {
            targets.effective(r, e);
        } else {
            Arrays.fill(e, 0, columns, 0);
            e[hot] = targets.weight[r];
        }
        return input == InputForm.LOGITS ? fromLogits(x, targets, r, e, gradient) : fromLogs(x, e, gradient);
    }

    private double fromLogits(double[] x, Targets targets, int r, double[] e, double[] gradient) {
        logits.change(x, targets, r);
        int top = 0;
        for (int k = 1; k < columns; k++) {
            if (x[k] > x[top] || Double.isNaN(x[k])) {
                top = k;
            }
        }
        double max = x[top];
        if (max == Double.NEGATIVE_INFINITY) {
            return withoutAnyClass(e, gradient);
        }
        // The largest term is exactly 1: kept apart, the others do not drown in it (log1p).
        double others = 0;
        for (int k = 0; k < columns; k++) {
            exp[k] = k == top ? 1 : Math.exp(x[k] - max);
            others += k == top ? 0 : exp[k];
        }
        double logSum = Math.log1p(others);
        double value = 0;
        double slopes = 0;
        for (int k = 0; k < columns; k++) {
            log[k] = x[k] - max - logSum;
            gradient[k] = 0;
            if (e[k] != 0) {
                value += e[k] * formula(k).value(log[k]);
                gradient[k] = e[k] * formula(k).derivative(log[k]);
                slopes += gradient[k];
            }
        }
        double logPartition = max + logSum;
        double rowWeight = targets.rowWeight[r];
        double drift = zLoss == 0 ? 0 : 2 * zLoss * rowWeight * logPartition;
        boolean single = targets.hot[r] >= 0;
        for (int k = 0; k < columns; k++) {
            double p = exp[k] / (1 + others);
            // For a single class 1 - p without cancellation, so that confident rows keep their relative accuracy.
            double own = single && e[k] != 0 ? gradient[k] * -Math.expm1(log[k]) : gradient[k] - p * slopes;
            gradient[k] = logits.scale() * (own + p * drift);
        }
        return zLoss == 0 ? value : value + zLoss * rowWeight * logPartition * logPartition;
    }

    /** All logits are negative infinity: the loss of probability 0 for every class, and no direction to go. */
    private double withoutAnyClass(double[] e, double[] gradient) {
        double value = 0;
        for (int k = 0; k < columns; k++) {
            value += e[k] == 0 ? 0 : e[k] * formula(k).value(Double.NEGATIVE_INFINITY);
        }
        Arrays.fill(gradient, 0, columns, 0);
        return value;
    }

    private double fromLogs(double[] x, double[] e, double[] gradient) {
        double value = 0;
        for (int k = 0; k < columns; k++) {
            gradient[k] = 0;
            if (e[k] != 0) {
                value += ofClass(k, x[k], e[k]);
                gradient[k] = slope;
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
