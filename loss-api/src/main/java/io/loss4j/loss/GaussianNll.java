package io.loss4j.loss;

import io.loss4j.error.LossInputException;
import java.util.Map;

/**
 * Negative log-likelihood of normal distributions whose means and variances the network predicts.
 *
 * <pre>
 *   value  = sum_m [s_m + (x_m - y_m)^2 e^-s_m] / 2  (+ M/2 log 2 pi if full)     s_m = max(v_m, log epsilon)
 *   d/dx_m = (x_m - y_m) e^-s_m
 *   d/dv_m = [1 - (x_m - y_m)^2 e^-s_m] / 2, and 0 where v_m is below log epsilon
 * </pre>
 *
 * <p>A row of predictions is M means x, then M logarithms of variances v: columns 0 to M - 1 and M to 2M - 1. A row of
 * labels has M columns. The floor epsilon keeps e^-s finite. Masks weigh rows; there are no weights of columns.
 *
 * <p>Use it for regression that also says how sure it is, with errors of different size in different places.
 *
 * <p>Elsewhere: PyTorch {@code GaussianNLLLoss} takes variances in an array of their own, floors them in the same way but
 * differentiates as if it did not, and its mean divides by M too. With all variances 1 it is half the squared error.
 *
 * <p>Example: mean 1, log-variance ln 4, label 3: (ln 4 + 1) / 2 = 1.193147.
 *
 * <p>Source: Nix and Weigend, Estimating the Mean and Variance of the Target Probability Distribution, 1994.
 *
 * @param full whether the constant log(2 pi) / 2 is added; default false
 * @param epsilon the smallest variance, above 0; default 1e-6
 */
public record GaussianNll(boolean full, double epsilon) implements RowLoss {
    private static final String ID = "gaussian_nll";

    /** As registered: {@code gaussian_nll}. */
    public static final LossType<GaussianNll> TYPE =
            LossType.of(GaussianNll.class, ID, Map.of("full", false, "epsilon", 1e-6));

    /** log(2 pi). */
    static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    /** Checks the range of epsilon. */
    public GaussianNll {
        Check.above(0, ID, "epsilon", epsilon);
    }

    /** Without the constant, and with a smallest variance of 1e-6. */
    public GaussianNll() {
        this(false, 1e-6);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        int means = targets.length;
        double floor = Math.log(epsilon);
        double value = full ? means * LOG_TWO_PI / 2 : 0;
        for (int m = 0; m < means; m++) {
            double logVariance = predictions[means + m];
            double s = Math.max(logVariance, floor);
            double d = predictions[m] - targets[m];
            double precision = Math.exp(-s);
            value += (s + d * d * precision) / 2;
            gradient[m] = d * precision;
            gradient[means + m] = logVariance < floor ? 0 : (1 - d * d * precision) / 2;
        }
        return value;
    }

    @Override
    public int labelColumns(int columns) {
        if (columns % 2 != 0) {
            throw new LossInputException(
                    "L4J-S04",
                    ID,
                    "predictions have " + columns + " columns, expected a mean and a log-variance for each label"
                            + " (shapes: predictions [N, " + columns + "])",
                    "give the network twice as many outputs as there are labels");
        }
        return columns / 2;
    }

    @Override
    public boolean classification() {
        return false;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
