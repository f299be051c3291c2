package io.loss4j.benchmarks;

import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The right answer, by the scalar formula in double. Every contender is held against it before it is timed, in the very
 * process in which it is timed; so all agree with each other.
 */
final class Reference {
    private static final double TOLERANCE = 1e-3;

    private final double value;
    private final double[] gradient;

    private Reference(double value, double[] gradient) {
        this.value = value;
        this.gradient = gradient;
    }

    /** Reads the batch, which must be intact. */
    static Reference of(Workload workload, Batch batch) {
        if (workload.spec() instanceof SoftmaxLoss loss
                && loss.input() == InputForm.LOGITS
                && loss.logits() == LogitTransform.IDENTITY) {
            return softmax(loss, workload, numbers(batch.predictions), numbers(batch.labels));
        } else if (workload.spec() instanceof ElementwiseLoss loss) {
            return elementwise(loss, workload, numbers(batch.predictions), numbers(batch.labels));
        }
        throw new IllegalArgumentException("no reference for losses like " + workload.spec());
    }

    @SuppressWarnings("try")
    private static float[] numbers(INDArray array) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return array.dup('c').data().asFloat();
        }
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
        return new Reference(sum, gradient);
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
        return new Reference(sum, gradient);
    }

    /** The sum over all rows. */
    void checkValue(double actual) {
        if (!(Math.abs(actual - value) <= TOLERANCE * Math.abs(value))) {
            throw new IllegalStateException("value " + actual + ", expected " + value);
        }
    }

    /** The derivative of that sum. */
    void checkGradient(INDArray actual) {
        float[] found = numbers(actual);
        if (found.length != gradient.length) {
            throw new IllegalStateException("gradient of " + found.length + " elements, expected " + gradient.length);
        }
        for (int i = 0; i < found.length; i++) {
            if (!(Math.abs(found[i] - gradient[i]) <= TOLERANCE * (0.1 + Math.abs(gradient[i])))) {
                throw new IllegalStateException(
                        String.format(Locale.ROOT, "gradient %s at element %d, expected %s", found[i], i, gradient[i]));
            }
        }
    }
}
