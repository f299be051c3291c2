package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.loss.RowLoss;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Row losses in single precision, tile by tile: load, rule, weight, scale, store. A row that its rule leaves, such as one
 * with infinities or NaN, is computed by the formula.
 */
final class RowRuleKernel implements RowKernel {
    /** Elements in a chunk of work. */
    private static final int CHUNK = 1 << 14;

    /** Elements that go through a rule at once: with its arrays they stay in L2. */
    private static final int TILE = 1 << 12;

    private final LossJob job;
    private final Primitives primitives;
    private final IntFunction<RowRule> rules;
    private final int columns;
    private final int labelColumns;
    private final int tileRows;

    /**
     * @param rules makes the rule of a worker for so many rows at once
     */
    RowRuleKernel(LossJob job, IntFunction<RowRule> rules, Primitives primitives) {
        this.job = job;
        this.rules = rules;
        this.primitives = primitives;
        columns = job.predictions().columns();
        labelColumns = ((RowLoss) job.spec()).labelColumns(columns);
        tileRows = (int) Math.min(Math.max(1, TILE / columns), job.predictions().rows());
    }

    @Override
    public int chunkRows() {
        return Math.max(1, CHUNK / columns);
    }

    @Override
    public Worker worker() {
        return new TileWorker();
    }

    private final class TileWorker implements Worker {
        private final Scratch scratch = Scratch.ofThisThread();
        private final RowRule rule = rules.apply(tileRows);
        private final boolean plainLabels = labelColumns != columns;
        private final Targets targets = Targets.forRowKernel(job, tileRows, primitives);
        private final ChangedLogits logits = new ChangedLogits(job.logits());
        private final ClassTally tally = new ClassTally(job, targets, primitives);
        private final @Nullable SoftmaxTile partition =
                job.zLoss() == 0 ? null : new SoftmaxTile(columns, tileRows, primitives);
        private final float[] x = SoftmaxTile.array(tileRows * columns, primitives);
        private final float[] gradient = scratch.floats(tileRows * columns);
        private final float[] labels = scratch.floats(plainLabels ? tileRows * labelColumns : 0);
        private final float[] t = scratch.floats(labelColumns);
        private final double[] wideTargets =
                Objects.requireNonNullElseGet(rule.wideTargets(), () -> scratch.doubles(labelColumns));
        private final double[] wideWeights = scratch.doubles(rule.weights() == null ? 0 : columns);
        private final double[] terms = scratch.doubles(tileRows);
        private @Nullable RowFormula formula;
        private double[] wide = new double[0];
        private double[] wideGradient = new double[0];

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals totals) {
            double sum = 0;
            for (long row = firstRow; row < firstRow + rows; row += tileRows) {
                int n = (int) Math.min(tileRows, firstRow + rows - row);
                tile(row, n);
                for (int r = 0; r < n; r++) {
                    sum += terms[r];
                    if (totals != null) {
                        tally.add(row + r, r, terms[r], totals);
                    }
                }
            }
            return sum;
        }

        private void tile(long firstRow, int n) {
            if (plainLabels) {
                targets.loadMask(firstRow, n);
                job.labels().rows().load(firstRow, n, 0, labelColumns, labels, 0);
            } else {
                targets.load(firstRow, n);
            }
            job.predictions().load(firstRow, n, 0, columns, x, 0);
            for (int r = 0; r < n; r++) {
                logits.change(x, r * columns, columns, targets, r);
            }
            rule.prepare(x, n, targets.hot);
            if (partition != null) {
                partition.of(x, n);
            }
            for (int r = 0; r < n; r++) {
                terms[r] = row(firstRow + r, r);
            }
            Outputs outputs = job.outputs();
            if (outputs.gradient() != null) {
                outputs.gradient().store(gradient, 0, firstRow, n, 0, columns);
            }
            if (outputs.terms() != null) {
                outputs.terms().store(terms, 0, firstRow, n, 0, 1);
            }
        }

        private double row(long row, int r) {
            double weight = targets.rowWeight[r];
            int hot = plainLabels ? Targets.SOFT : targets.hot[r];
            int at = r * columns;
            if (weight == 0 || hot == Targets.NOTHING) {
                Arrays.fill(gradient, at, at + columns, 0);
                return 0;
            }
            double value = evaluate(r, hot);
            if (Double.isNaN(value)) {
                return byFormula(row, r);
            }
            float factor = (float) (weight * logits.scale() * job.scale());
            if (factor != 1) {
                for (int i = at; i < at + columns; i++) {
                    gradient[i] *= factor;
                }
            }
            return weight * value + (partition == null ? 0 : zLoss(partition, r));
        }

        private double evaluate(int r, int hot) {
            float[] w = rule.weights();
            if (w != null) {
                targets.weighed(r, wideTargets, wideWeights);
                for (int k = 0; k < columns; k++) {
                    t[k] = (float) wideTargets[k];
                    w[k] = (float) wideWeights[k];
                }
                double value = rule.evaluate(x, r, Targets.SOFT, t, gradient);
                Arrays.fill(t, 0);
                return value;
            }
            if (hot >= 0) {
                t[hot] = (float) targets.weight[r];
                double value = rule.evaluate(x, r, hot, t, gradient);
                t[hot] = 0;
                return value;
            }
            if (plainLabels) {
                System.arraycopy(labels, r * labelColumns, t, 0, labelColumns);
                return rule.evaluate(x, r, hot, t, gradient);
            }
            targets.effective(r, wideTargets);
            for (int k = 0; k < columns; k++) {
                t[k] = (float) wideTargets[k];
            }
            double value = rule.evaluate(x, r, hot, t, gradient);
            Arrays.fill(t, 0);
            return value;
        }

        /** zLoss m logsumexp(z)^2 and its gradient zLoss m 2 logsumexp(z) p. */
        private double zLoss(SoftmaxTile softmax, int r) {
            double factor = job.zLoss() * targets.maskMean[r];
            double logPartition = softmax.max[r] + softmax.logTotal[r];
            float slope = (float) (2 * factor * logPartition * logits.scale() * job.scale());
            for (int i = r * columns; i < (r + 1) * columns; i++) {
                gradient[i] += slope * softmax.p[i];
            }
            return factor * logPartition * logPartition;
        }

        private double byFormula(long row, int r) {
            if (formula == null) {
                formula = new RowFormula(job, 1, primitives);
                wide = scratch.doubles(columns);
                wideGradient = scratch.doubles(columns);
            }
            formula.load(row, 1);
            job.predictions().load(row, 1, 0, columns, wide, 0);
            double term = formula.compute(0, wide, 0, wideGradient);
            for (int k = 0; k < columns; k++) {
                gradient[r * columns + k] = (float) (wideGradient[k] * job.scale());
            }
            return term;
        }
    }
}
