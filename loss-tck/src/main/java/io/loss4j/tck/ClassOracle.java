package io.loss4j.tck;

import io.loss4j.ClassReport;
import io.loss4j.LossFunction;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.InputForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report by class must say, in plain double loops. Terms are those of the backend itself: whether they are right
 * is a matter of other rules.
 */
final class ClassOracle {
    private final LossFunction function;
    private final Batch batch;
    private final double[] terms;
    private final int columns;
    private final @Nullable InputForm input;
    /** By line: count, weight, loss, probability, right. */
    private final double[][] sums;

    private ClassOracle(LossFunction function, Batch batch, double[] terms, int lines) {
        this.function = function;
        this.batch = batch;
        this.terms = terms;
        this.columns = batch.columns;
        this.input = function.spec().input();
        this.sums = new double[lines][5];
    }

    static ClassReport report(LossFunction function, Batch batch, double[] terms) {
        boolean yesNo = function.spec() instanceof BinaryLoss;
        ClassOracle oracle = new ClassOracle(function, batch, terms, batch.columns * (yesNo ? 2 : 1));
        for (int row = 0; row < batch.rows; row++) {
            if (yesNo) {
                oracle.elements(row);
            } else if (!Oracle.isRowOut(function, batch, row)) {
                oracle.row(row);
            }
        }
        List<ClassReport.Line> lines = new ArrayList<>();
        for (double[] s : oracle.sums) {
            lines.add(new ClassReport.Line(s[0], s[1], s[2], s[3], s[4]));
        }
        return new ClassReport(lines, yesNo);
    }

    private void add(int line, double count, double weight, double loss, double probability, boolean right) {
        double[] numbers = {count, weight, loss, count * probability, right ? count : 0};
        Arrays.setAll(sums[line], i -> sums[line][i] + numbers[i]);
    }

    private void elements(int row) {
        for (int k = 0; k < columns; k++) {
            int at = row * columns + k;
            double y = batch.labels[at];
            double weight = Oracle.maskOf(batch, row, k) * Oracle.weight(function, k);
            if (weight != 0 && !Oracle.isIgnored(function, y)) {
                double x = batch.predictions[at];
                double yes = input == InputForm.LOGITS ? 1 / (1 + Math.exp(-x)) : x;
                double no = input == InputForm.LOGITS ? 1 / (1 + Math.exp(x)) : 1 - x;
                add(2 * k, 1 - y, weight * (1 - y), terms[at] * (1 - y), no, yes <= no);
                add(2 * k + 1, y, weight * y, terms[at] * y, yes, yes > no);
            }
        }
    }

    private void row(int row) {
        double[] labels = new double[columns];
        double[] weights = new double[columns];
        for (int k = 0; k < columns; k++) {
            labels[k] = batch.index ? batch.labels[row] == k ? 1 : 0 : batch.labels[row * columns + k];
            weights[k] = labels[k] * Oracle.weight(function, k) * Oracle.maskOf(batch, row, k);
        }
        double weight = Arrays.stream(weights).sum();
        double[] p = probabilities(row);
        for (int k = 0; k < columns; k++) {
            if (weights[k] != 0) {
                add(k, labels[k], weights[k], terms[row] * weights[k] / weight, p[k], k == top(p));
            } else if (weight == 0 && labels[k] != 0) {
                add(k, 0, 0, terms[row] * labels[k] / Arrays.stream(labels).sum(), 0, false);
            }
        }
    }

    private static int top(double[] p) {
        int top = 0;
        for (int k = 1; k < p.length; k++) {
            top = p[k] > p[top] ? k : top;
        }
        return top;
    }

    private double[] probabilities(int row) {
        double[] x = Arrays.copyOfRange(batch.predictions, row * columns, (row + 1) * columns);
        if (input == InputForm.PROBABILITIES) {
            return x;
        }
        double max = Arrays.stream(x).max().orElse(0);
        double[] p = Arrays.stream(x)
                .map(z -> Math.exp(input == InputForm.LOGITS ? z - max : z))
                .toArray();
        double sum = input == InputForm.LOGITS ? Arrays.stream(p).sum() : 1;
        return Arrays.stream(p).map(e -> e / sum).toArray();
    }
}
