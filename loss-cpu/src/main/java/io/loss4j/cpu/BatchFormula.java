package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.BatchLoss;
import io.loss4j.tensor.Rows;

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
        double[] y = new double[rows * columns];
        double[] weights = new double[rows * columns];
        double[] gradient = new double[rows * columns];
        job.predictions().load(0, rows, 0, columns, x, 0);
        job.labels().rows().load(0, rows, 0, columns, y, 0);
        prepare(job, rows, columns, x, y, weights);
        double value = loss.evaluate(rows, columns, x, y, weights, gradient);
        Rows out = job.outputs().gradient();
        if (out != null) {
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= job.scale();
            }
            out.store(gradient, 0, 0, rows, 0, columns);
        }
        return value;
    }

    /**
     * Smooths labels, sets weights, and hides what is masked or ignored. An element whose class has the weight 0 stays: a
     * loss may multiply the prediction of one column by the weight of another.
     */
    private static void prepare(LossJob job, int rows, int columns, double[] x, double[] y, double[] weights) {
        double s = job.labels().smoothing();
        Rows mask = job.weights().mask();
        double[] classWeights = job.weights().columns();
        double[] masks = new double[mask == null ? 0 : rows * mask.columns()];
        if (mask != null) {
            mask.load(0, rows, 0, mask.columns(), masks, 0);
        }
        for (int i = 0; i < weights.length; i++) {
            double m = mask == null ? 1 : masks[mask.columns() == 1 ? i / columns : i];
            boolean ignored = job.labels().ignored().isPresent()
                    && y[i] == job.labels().ignored().getAsLong();
            if (m == 0 || ignored) {
                x[i] = 0; // whatever stood there, even NaN
                y[i] = 0;
                weights[i] = 0;
            } else {
                y[i] = y[i] * (1 - s) + s / Math.max(2, columns);
                weights[i] = classWeights == null ? m : m * classWeights[i % columns];
            }
        }
    }
}
