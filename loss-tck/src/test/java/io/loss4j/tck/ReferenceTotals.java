package io.loss4j.tck;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The totals by class of the reference backend. Reads weights by itself: faults elsewhere are not to be seen here. */
final class ReferenceTotals {
    private final LossJob job;
    private final double[] terms;
    private final double[] x;
    private final double[] y;
    private final int columns;
    private final double @Nullable [] mask;

    ReferenceTotals(LossJob job, double[] terms, double[] x, double[] y) {
        this.job = job;
        this.terms = terms;
        this.x = x;
        this.y = y;
        columns = job.predictions().columns();
        Rows rows = job.weights().mask();
        mask = rows == null ? null : new double[(int) rows.elements()];
        if (rows != null) {
            rows.load(0, (int) rows.rows(), 0, rows.columns(), mask, 0);
        }
    }

    void addTo(ClassTotals totals) {
        for (int row = 0; row < job.predictions().rows(); row++) {
            if (job.spec() instanceof BinaryLoss) {
                elements(row, totals);
            } else {
                row(row, totals);
            }
        }
    }

    /** Mask times class weight. */
    private double weight(int row, int k) {
        double m = mask == null ? 1 : mask[mask.length == x.length ? row * columns + k : row];
        double[] weights = job.weights().columns();
        boolean forgets = ReferenceBackend.fault == Fault.COUNTS_WITHOUT_CLASS_WEIGHTS;
        return weights == null || forgets && weights[k] != 0 ? m : m * weights[k];
    }

    private boolean isIgnored(double label) {
        return job.labels().ignored().isPresent()
                && label == job.labels().ignored().getAsLong();
    }

    private void elements(int row, ClassTotals totals) {
        for (int k = 0; k < columns; k++) {
            int at = row * columns + k;
            double weight = weight(row, k);
            double label = y[at];
            if (isIgnored(label) && ReferenceBackend.fault == Fault.COUNTS_IGNORED_ROWS) {
                label = 0;
            }
            if (weight != 0 && !isIgnored(label)) {
                double p = 1 / (1 + Math.exp(-x[at]));
                totals.add(2 * k, 1 - label, weight * (1 - label), terms[at] * (1 - label), 1 - p, x[at] <= 0);
                totals.add(2 * k + 1, label, weight * label, terms[at] * label, p, x[at] > 0);
            }
        }
    }

    private void row(int row, ClassTotals totals) {
        double[] t = new double[columns];
        if (!job.labels().index()) {
            System.arraycopy(y, row * columns, t, 0, columns);
        } else if (!isIgnored(y[row])) {
            t[(int) y[row]] = 1;
        } else if (ReferenceBackend.fault == Fault.COUNTS_IGNORED_ROWS) {
            t[0] = 1;
        }
        double[] a = new double[columns];
        Arrays.setAll(a, k -> t[k] * weight(row, k));
        double sum = Arrays.stream(a).sum();
        double[] z = Arrays.copyOfRange(x, row * columns, (row + 1) * columns);
        double max = Arrays.stream(z).max().orElse(0);
        boolean logits = job.spec().input() == InputForm.LOGITS;
        double partition = logits ? Arrays.stream(z).map(v -> Math.exp(v - max)).sum() : 1;
        int top = 0;
        while (z[top] != max) {
            top++;
        }
        for (int k = 0; k < columns; k++) {
            if (a[k] != 0) {
                double p = logits ? Math.exp(z[k] - max) / partition : z[k];
                totals.add(k, t[k], a[k], terms[row] * a[k] / sum, p, k == top);
            } else if (sum == 0 && t[k] != 0) {
                totals.addLoss(k, terms[row] * t[k] / Arrays.stream(t).sum());
            }
        }
    }
}
