package io.loss4j.benchmarks.timing;

import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;
import java.util.Locale;

/**
 * The right answer, by the scalar formula in double. Every contender is held against it before it is timed, in the very
 * process in which it is timed; so all agree with each other.
 */
public final class Reference {
    /** Gradients below this are compared by their difference. */
    private static final double SMALL = 0.1;

    private final double value;
    private final double[] gradient;
    private final double tolerance;

    private Reference(double value, double[] gradient, double tolerance) {
        this.value = value;
        this.gradient = gradient;
        this.tolerance = tolerance;
    }

    /** Computes it. */
    public static Reference of(Workload workload, Numbers numbers) {
        if (workload.spec() instanceof SoftmaxLoss loss
                && loss.input() == InputForm.LOGITS
                && loss.logits() == LogitTransform.IDENTITY) {
            return softmax(loss, workload, numbers.predictions(), numbers.labels());
        } else if (workload.spec() instanceof ElementwiseLoss loss) {
            return elementwise(loss, workload, numbers.predictions(), numbers.labels());
        }
        throw new IllegalArgumentException("no reference for losses like " + workload.spec());
    }

    private static Reference softmax(SoftmaxLoss loss, Workload workload, float[] z, float[] labels) {
        int columns = workload.columns();
        double[] gradient = new double[z.length];
        double[] logs = new double[columns];
        double[] derivatives = new double[columns];
        double sum = 0;
        for (int row = 0; row < workload.rows(); row++) {
            int start = row * columns;
            logSoftmax(z, start, logs);
            Arrays.fill(derivatives, 0);
            double all = 0;
            for (int k = 0; k < columns; k++) {
                double weight = workload.labels() == LabelForm.INDEX ? (labels[row] == k ? 1 : 0) : labels[start + k];
                if (weight != 0) {
                    sum += weight * loss.forColumn(k).value(logs[k]);
                    derivatives[k] = weight * loss.forColumn(k).derivative(logs[k]);
                    all += derivatives[k];
                }
            }
            for (int k = 0; k < columns; k++) {
                gradient[start + k] = derivatives[k] - Math.exp(logs[k]) * all;
            }
        }
        return new Reference(sum, gradient, workload.precision().tolerance);
    }

    private static void logSoftmax(float[] z, int start, double[] logs) {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < logs.length; k++) {
            max = Math.max(max, z[start + k]);
        }
        double sum = 0;
        for (int k = 0; k < logs.length; k++) {
            sum += Math.exp(z[start + k] - max);
        }
        double logSum = max + Math.log(sum);
        for (int k = 0; k < logs.length; k++) {
            logs[k] = z[start + k] - logSum;
        }
    }

    private static Reference elementwise(ElementwiseLoss loss, Workload workload, float[] x, float[] y) {
        double[] gradient = new double[x.length];
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            ElementwiseLoss formula = loss.forColumn(i % workload.columns());
            sum += formula.value(x[i], y[i]);
            gradient[i] = formula.derivative(x[i], y[i]);
        }
        return new Reference(sum, gradient, workload.precision().tolerance);
    }

    /**
     * Holds one call of a contender against the right answer, and puts its predictions back.
     *
     * @throws WrongResult if it is not right
     */
    public static void check(Workload workload, Wanted wanted, Timed timed) {
        Numbers numbers = timed.numbers();
        Outcome outcome = timed.outcome();
        if (outcome != Outcome.NOTHING) {
            of(workload, numbers).check(wanted, outcome);
        }
        timed.restore();
    }

    /**
     * Holds a result against this.
     *
     * @throws WrongResult if it is not right
     */
    public void check(Wanted wanted, Outcome outcome) {
        if (wanted.hasValue()) {
            checkValue(outcome.value());
        }
        if (wanted.hasGradient()) {
            checkGradient(outcome.gradient().orElseThrow(() -> new WrongResult("no gradient")));
        }
    }

    private void checkValue(double actual) {
        if (!(Math.abs(actual - value) <= tolerance * Math.abs(value))) {
            throw new WrongResult("value " + actual + ", expected " + value);
        }
    }

    private void checkGradient(float[] found) {
        if (found.length != gradient.length) {
            throw new WrongResult("gradient of " + found.length + " elements, expected " + gradient.length);
        }
        for (int i = 0; i < found.length; i++) {
            if (!(Math.abs(found[i] - gradient[i]) <= tolerance * (SMALL + Math.abs(gradient[i])))) {
                throw new WrongResult(
                        String.format(Locale.ROOT, "gradient %s at element %d, expected %s", found[i], i, gradient[i]));
            }
        }
    }
}
