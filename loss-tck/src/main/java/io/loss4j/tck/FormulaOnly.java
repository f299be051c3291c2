package io.loss4j.tck;

import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossType;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Losses of every shape that no backend has a kernel for: what a third party's loss is to it. Not registered, so that they
 * do not appear in anyone's catalogue.
 */
final class FormulaOnly {
    private FormulaOnly() {}

    static List<LossExample> examples() {
        return List.of(
                LossExample.of(new Welsch()),
                LossExample.of("formula only: squares per column", k -> new SquaresPerColumn(factors(k))),
                LossExample.of(new LogitBrier()),
                LossExample.of(new BoundedCrossEntropy(0.7)),
                LossExample.of("formula only: powers per class", k -> new PowersPerClass(factors(k))),
                LossExample.of("formula only: margins and biases", k -> new ShiftedCrossEntropy(factors(k))),
                LossExample.of(new SquaredDistance()),
                LossExample.of(new CosineDistance()),
                LossExample.of(new SoftJaccard()));
    }

    private static PerColumn factors(int columns) {
        double[] factors = new double[columns];
        Arrays.setAll(factors, k -> 0.4 + 0.3 * (k % 5));
        return PerColumn.of(factors);
    }

    /** 1 - exp(-d^2 / 2): Welsch's robust loss. */
    public record Welsch() implements ElementwiseLoss {
        private static final LossType<Welsch> TYPE = LossType.of(Welsch.class, "tck_welsch", Map.of());

        @Override
        public double value(double x, double y) {
            return -Math.expm1(-0.5 * (x - y) * (x - y));
        }

        @Override
        public double derivative(double x, double y) {
            double bell = Math.exp(-0.5 * (x - y) * (x - y));
            return bell == 0 ? 0 : (x - y) * bell;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** f_k d^2. */
    public record SquaresPerColumn(PerColumn factors) implements ElementwiseLoss {
        private static final LossType<SquaresPerColumn> TYPE =
                LossType.of(SquaresPerColumn.class, "tck_squares_per_column", Map.of());

        @Override
        public double value(double x, double y) {
            return factors.at(0) * (x - y) * (x - y);
        }

        @Override
        public double derivative(double x, double y) {
            return 2 * factors.at(0) * (x - y);
        }

        @Override
        public ElementwiseLoss forColumn(int column) {
            return new SquaresPerColumn(PerColumn.all(factors.at(column)));
        }

        @Override
        public int columns() {
            return factors.columns();
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** pos y (1 - p)^2 + (1 - y) p^2, p = sigmoid(x): Brier's score with parts for the two labels. */
    public record LogitBrier() implements BinaryLoss {
        private static final LossType<LogitBrier> TYPE = LossType.of(LogitBrier.class, "tck_logit_brier", Map.of());

        @Override
        public double value(double x, double y, double positiveWeight) {
            double p = sigmoid(x);
            double q = sigmoid(-x);
            return positiveWeight * y * q * q + (1 - y) * p * p;
        }

        @Override
        public double derivative(double x, double y, double positiveWeight) {
            double p = sigmoid(x);
            double q = sigmoid(-x);
            return 2 * p * q * ((1 - y) * p - positiveWeight * y * q);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    private static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /** (1 - p^q) / q. */
    public record BoundedCrossEntropy(double q) implements SoftmaxLoss {
        private static final LossType<BoundedCrossEntropy> TYPE =
                LossType.of(BoundedCrossEntropy.class, "tck_bounded_cross_entropy", Map.of());

        @Override
        public double value(double logProbability) {
            return -Math.expm1(q * logProbability) / q;
        }

        @Override
        public double derivative(double logProbability) {
            return -Math.exp(q * logProbability);
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** (1 - p^q_k) / q_k, one q per class. */
    public record PowersPerClass(PerColumn q) implements SoftmaxLoss {
        private static final LossType<PowersPerClass> TYPE =
                LossType.of(PowersPerClass.class, "tck_powers_per_class", Map.of());

        @Override
        public double value(double logProbability) {
            return -Math.expm1(q.at(0) * logProbability) / q.at(0);
        }

        @Override
        public double derivative(double logProbability) {
            return -Math.exp(q.at(0) * logProbability);
        }

        @Override
        public SoftmaxLoss forColumn(int column) {
            return new PowersPerClass(PerColumn.all(q.at(column)));
        }

        @Override
        public int columns() {
            return q.columns();
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** Cross-entropy of 3 (z + b - m t). */
    public record ShiftedCrossEntropy(PerColumn shifts) implements SoftmaxLoss {
        private static final LossType<ShiftedCrossEntropy> TYPE =
                LossType.of(ShiftedCrossEntropy.class, "tck_shifted_cross_entropy", Map.of());

        @Override
        public double value(double logProbability) {
            return -logProbability;
        }

        @Override
        public double derivative(double logProbability) {
            return -1;
        }

        @Override
        public LogitTransform logits() {
            double[] bias = shifts.toArray();
            double[] margin = shifts.toArray();
            Arrays.setAll(bias, k -> -2 * margin[k]);
            return new LogitTransform(3, bias, margin);
        }

        @Override
        public int columns() {
            return shifts.columns();
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** sum_k t_k |x - e_k|^2 / K: the squared distance from the corner of the label. */
    public record SquaredDistance() implements RowLoss {
        private static final LossType<SquaredDistance> TYPE =
                LossType.of(SquaredDistance.class, "tck_squared_distance", Map.of());

        @Override
        public double evaluate(double[] predictions, double[] targets, double[] gradient) {
            int columns = predictions.length;
            double total = Arrays.stream(targets).sum();
            double sum = 0;
            for (int k = 0; k < columns; k++) {
                double x = predictions[k];
                sum += total * x * x - 2 * targets[k] * x + targets[k];
                gradient[k] = 2 * (total * x - targets[k]) / columns;
            }
            return sum / columns;
        }

        @Override
        public boolean classification() {
            return true;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    /** 1 - cos(x, y). */
    public record CosineDistance() implements RowLoss {
        private static final LossType<CosineDistance> TYPE =
                LossType.of(CosineDistance.class, "tck_cosine_distance", Map.of());

        @Override
        public double evaluate(double[] predictions, double[] targets, double[] gradient) {
            double xy = 0;
            double xx = 0;
            double yy = 0;
            for (int k = 0; k < predictions.length; k++) {
                xy += predictions[k] * targets[k];
                xx += predictions[k] * predictions[k];
                yy += targets[k] * targets[k];
            }
            double norms = Math.sqrt(xx) * Math.sqrt(yy);
            for (int k = 0; k < predictions.length; k++) {
                gradient[k] = norms == 0 ? 0 : (xy / xx * predictions[k] - targets[k]) / norms;
            }
            return norms == 0 ? 0 : 1 - xy / norms;
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

    /** 1 - sum w y p / sum w (y + p - y p). */
    public record SoftJaccard() implements BatchLoss {
        private static final LossType<SoftJaccard> TYPE = LossType.of(SoftJaccard.class, "tck_soft_jaccard", Map.of());

        @Override
        public double evaluate(
                int rows, int columns, double[] predictions, double[] labels, double[] weights, double[] gradient) {
            double both = 0;
            double either = 0;
            for (int i = 0; i < rows * columns; i++) {
                if (weights[i] != 0) {
                    both += weights[i] * labels[i] * predictions[i];
                    either += weights[i] * (labels[i] + predictions[i] - labels[i] * predictions[i]);
                }
            }
            for (int i = 0; i < rows * columns; i++) {
                gradient[i] = weights[i] == 0 || either == 0
                        ? 0
                        : -weights[i] * (labels[i] * either - (1 - labels[i]) * both) / (either * either);
            }
            return either == 0 ? 0 : 1 - both / either;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }
}
