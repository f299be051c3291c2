package io.loss4j.cpu;

import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Activation;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.OptionalLong;

/** Losses of a whole batch, by their formula in double, on one thread. */
final class BatchFormula {
    private BatchFormula() {}

    static double compute(LossJob job) {
        BatchLoss loss = (BatchLoss) job.spec();
        if (job.predictions().elements() > Integer.MAX_VALUE - 8) {
            throw new LossInputException(
                    "L4J-S06",
                    loss.id(),
                    "a loss of the whole batch over " + job.predictions().elements()
                            + " elements, expected fewer than 2^31",
                    "use smaller batches");
        }
        int rows = (int) job.predictions().rows();
        int columns = job.predictions().columns();
        double[] x = new double[rows * columns];
        double[] masks = new double[rows * columns];
        double[] classWeights = job.weights().columns();
        if (classWeights == null) {
            classWeights = new double[columns];
            Arrays.fill(classWeights, 1);
        }
        double[] gradient = new double[rows * columns];
        job.predictions().load(0, rows, 0, columns, x, 0);
        loadMasks(job, rows, columns, masks);
        double[] y = job.labels().index() ? oneHot(job, rows, columns, masks) : dense(job, rows, columns, masks);
        smooth(job, rows, columns, y);
        hide(job, rows, columns, masks, x, y);
        double value = loss.evaluate(rows, columns, x, y, masks, classWeights, gradient);
        Rows out = job.outputs().gradient();
        if (out != null) {
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= job.scale();
            }
            out.store(gradient, 0, 0, rows, 0, columns);
        }
        return value;
    }

    private static void loadMasks(LossJob job, int rows, int columns, double[] masks) {
        Rows mask = job.weights().mask();
        if (mask == null) {
            Arrays.fill(masks, 1);
        } else if (mask.columns() == columns) {
            mask.load(0, rows, 0, columns, masks, 0);
        } else {
            double[] ofRows = new double[rows];
            mask.load(0, rows, 0, 1, ofRows, 0);
            Arrays.setAll(masks, i -> ofRows[i / columns]);
        }
    }

    /** Class indices as rows with a 1; an ignored one masks its row. */
    private static double[] oneHot(LossJob job, int rows, int columns, double[] masks) {
        OptionalLong ignored = job.labels().ignored();
        long[] indices = new long[rows];
        job.labels().rows().loadIndices(job.spec().id(), 0, rows, indices);
        double[] y = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            int from = row * columns;
            if (ignored.isPresent() && indices[row] == ignored.getAsLong()) {
                Arrays.fill(masks, from, from + columns, 0);
            } else if (!isOut(masks, from, columns)) {
                if (indices[row] < 0 || indices[row] >= columns) {
                    throw job.labelOutOfRange(row, indices[row]);
                }
                y[from + (int) indices[row]] = 1;
            }
        }
        return y;
    }

    /** Labels as they are; where each is of its own, an ignored one masks its element. */
    private static double[] dense(LossJob job, int rows, int columns, double[] masks) {
        OptionalLong ignored = job.labels().ignored();
        double[] y = new double[rows * columns];
        job.labels().rows().load(0, rows, 0, columns, y, 0);
        if (ignored.isPresent() && Labels.areIndependent(job.spec(), columns)) {
            for (int i = 0; i < y.length; i++) {
                masks[i] = y[i] == ignored.getAsLong() ? 0 : masks[i];
            }
        }
        return y;
    }

    private static boolean isOut(double[] masks, int from, int columns) {
        for (int i = from; i < from + columns; i++) {
            if (masks[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static void smooth(LossJob job, int rows, int columns, double[] y) {
        double s = job.labels().smoothing();
        if (s == 0) {
            return;
        }
        boolean independent = Labels.areIndependent(job.spec(), columns);
        for (int from = 0; from < rows * columns; from += columns) {
            double sum = independent
                    ? columns / 2.0
                    : Arrays.stream(y, from, from + columns).sum();
            for (int i = from; i < from + columns; i++) {
                y[i] = y[i] * (1 - s) + s * sum / columns;
            }
        }
    }

    /** What is masked, whatever stood there, even NaN; but a softmax needs all logits of a row. */
    private static void hide(LossJob job, int rows, int columns, double[] masks, double[] x, double[] y) {
        boolean wholeRows = job.spec().input() == InputForm.LOGITS && job.spec().activation() == Activation.SOFTMAX;
        for (int from = 0; from < rows * columns; from += columns) {
            boolean out = isOut(masks, from, columns);
            for (int i = from; i < from + columns; i++) {
                if (masks[i] == 0) {
                    x[i] = wholeRows && !out ? x[i] : 0;
                    y[i] = 0;
                }
            }
        }
    }
}
