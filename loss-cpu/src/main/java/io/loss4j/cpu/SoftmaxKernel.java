package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The whole softmax family in single precision. For a label on one class the gradient of any member is one coefficient
 * times (p_j - [j = y]), so the scalar formula of the loss runs once per row and everything else is shared.
 *
 * <p>Long rows are computed one by one, short rows and channels-first layouts across rows from a transposed tile. Both
 * add up in the same order and give the same bits.
 *
 * <p>The target's exponential is left out of the sum while it is the largest: log(1 + others) and 1 - p = others / sum
 * then keep their relative accuracy in rows that are confidently right.
 */
final class SoftmaxKernel implements RowKernel {
    /** Up to this many columns a row is too short to fill vectors; where exactly has not been measured here. */
    private static final int SHORT = 48;

    /** Elements of a transposed tile: fits L1 for short rows. */
    private static final int SHORT_TILE = 1 << 12;

    /** Elements of a transposed tile of longer rows: runs of at least 64 bytes in memory, fits L2. */
    private static final int LONG_TILE = 1 << 16;

    private static final int MOST_TILE_ROWS = 256;

    /** Elements in a chunk of work. */
    private static final int CHUNK = 1 << 15;

    /** Rows of more columns are handed out one or a few at a time: half a dozen of them must keep all threads busy. */
    private static final int HUGE = 1 << 12;

    private final LossJob job;
    private final Primitives primitives;
    private final int columns;
    private final boolean across;
    private final SoftmaxLoss loss;
    /** Whether value(l) = -l, so that soft labels need no formula per class. */
    private final boolean crossEntropy;

    private final float logitScale;
    private final float @Nullable [] bias;
    private final double @Nullable [] margin;
    /** The terms of all rows if rows are huge; else null. */
    private final double @Nullable [] termsOfRows;

    SoftmaxKernel(LossJob job, Primitives primitives) {
        this.job = job;
        this.primitives = primitives;
        loss = (SoftmaxLoss) job.spec();
        columns = job.predictions().columns();
        across = columns <= SHORT || job.predictions().isColumnMajor();
        crossEntropy = loss instanceof SoftmaxCrossEntropy
                || loss instanceof LogitAdjustedCrossEntropy
                || loss instanceof Ldam;
        LogitTransform transform = job.logits();
        logitScale = (float) transform.scale();
        bias = singles(transform.bias());
        margin = transform.margin();
        long rows = job.predictions().rows();
        boolean apart = columns > HUGE && rows < 1 << 30 && job.outputs().classes() == null;
        termsOfRows = apart ? new double[(int) rows] : null;
    }

    static boolean supports(LossJob job) {
        return ((SoftmaxLoss) job.spec()).input() == InputForm.LOGITS;
    }

    private static float @Nullable [] singles(double @Nullable [] values) {
        if (values == null) {
            return null;
        }
        float[] narrowed = new float[values.length];
        for (int i = 0; i < narrowed.length; i++) {
            narrowed[i] = (float) values[i];
        }
        return narrowed;
    }

    /** The same for both layouts, so that chunk sums agree; of huge rows the terms are added one by one. */
    @Override
    public int chunkRows() {
        if (termsOfRows != null) {
            return across ? tileRows() : Math.max(1, CHUNK / columns);
        }
        int unit = columns <= SHORT ? MOST_TILE_ROWS : 64;
        return Math.max(unit, CHUNK / columns / unit * unit);
    }

    @Override
    public double sum(double[] chunks) {
        return RowKernel.super.sum(termsOfRows == null ? chunks : termsOfRows);
    }

    private int tileRows() {
        if (!across) {
            int elements = job.labels().index() ? MOST_TILE_ROWS : SHORT_TILE / columns;
            return (int) Math.min(
                    Math.max(1, Math.min(64, elements)), job.predictions().rows());
        }
        int rows = Math.min(MOST_TILE_ROWS, (columns <= SHORT ? SHORT_TILE : LONG_TILE) / columns);
        long present = (job.predictions().rows() + 15) / 16 * 16;
        return Math.max(16, (int) Math.min(present, rows / 16 * 16));
    }

    private void addBias(float[] row) {
        if (bias != null) {
            for (int k = 0; k < columns; k++) {
                row[k] += bias[k];
            }
        }
    }

    private void scale(float[] row) {
        if (logitScale != 1) {
            for (int k = 0; k < columns; k++) {
                row[k] *= logitScale;
            }
        }
    }

    private static int roundUp(int n, int unit) {
        return (n + unit - 1) / unit * unit;
    }

    @Override
    public Worker worker() {
        return across ? new AcrossRows() : new RowByRow();
    }

    /** What both layouts share: targets, coefficients, and the formula for rows that need it. */
    private abstract class Tile implements Worker {
        final int tileRows = tileRows();
        final FloatTiles tiles = new FloatTiles(primitives);
        final Targets targets = Targets.forKernel(job, tileRows, primitives);
        final Outputs outputs = job.outputs();
        final boolean wantsGradient = outputs.gradient() != null;
        final boolean wantsTerms = outputs.value() || outputs.terms() != null || outputs.classes() != null;
        /** Whether probabilities of targets are to be kept: those of the logits as they were given. */
        final boolean keepsProbabilities =
                outputs.classes() != null && job.logits().isIdentity();

        final ClassTally tally = new ClassTally(job, targets, primitives);
        /** By row: the probability of the only class of the label; NaN if it is not known. */
        final double[] probability = new double[outputs.classes() == null ? 0 : tileRows];
        /** By row: whether that class is the first of the most probable ones. */
        final boolean[] right = new boolean[probability.length];

        final double[] terms = new double[tileRows];
        /** Gradient of an ordinary class by its exponential. */
        double factor;
        /** Gradient of the target class. */
        double targetGradient;

        private final SoftmaxLoss[] formulas = new SoftmaxLoss[loss.columns() == 0 ? 1 : columns];
        private double[] wide = new double[0];
        private double @Nullable [] wideTargets;
        private double[] wideLogits = new double[0];
        private @Nullable SoftmaxRow formulaRow;
        private @Nullable SoftRow softRow;
        final double[] softTargets = new double[columns];

        Tile() {
            for (int k = 0; k < formulas.length; k++) {
                formulas[k] = loss.columns() == 0 ? loss : loss.forColumn(k);
            }
        }

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals totals) {
            double sum = 0;
            for (long row = firstRow; row < firstRow + rows; row += tileRows) {
                int n = (int) Math.min(tileRows, firstRow + rows - row);
                targets.load(row, n);
                Arrays.fill(probability, Double.NaN);
                tile(row, n);
                if (totals != null) {
                    addTo(totals, row, n);
                }
                for (int r = 0; r < n; r++) {
                    sum += terms[r];
                }
                if (termsOfRows != null) {
                    System.arraycopy(terms, 0, termsOfRows, (int) row, n);
                }
                if (outputs.terms() != null) {
                    outputs.terms().store(terms, 0, row, n, 0, 1);
                }
            }
            return sum;
        }

        abstract void tile(long firstRow, int n);

        private void addTo(ClassTotals totals, long firstRow, int n) {
            for (int r = 0; r < n; r++) {
                if (Double.isNaN(probability[r])) {
                    tally.add(firstRow + r, r, terms[r], totals);
                } else {
                    tally.addSingle(r, terms[r], probability[r], right[r], totals);
                }
            }
        }

        /** Whether a row can be computed here; infinite and NaN logits, and soft labels of most losses, cannot. */
        final boolean isOrdinary(int r, float max, double others) {
            boolean label = targets.hot[r] >= 0 || crossEntropy && margin == null;
            return label && Math.abs(max) <= Float.MAX_VALUE && others < Double.POSITIVE_INFINITY;
        }

        /**
         * Sets {@link #factor}, {@link #targetGradient} and the term of a row with one target class.
         *
         * @param distance logit of the target minus the largest logit
         * @param others sum of the exponentials of all classes but the target, if that is the largest; else of all
         */
        final void single(int r, float max, float distance, double others, float targetExponential) {
            boolean top = distance == 0;
            double total = top ? 1 + others : others;
            double logTotal = top ? (others > 1e-8 ? Math.log(total) : others) : Math.log(total);
            double l = distance - logTotal;
            double rest = top ? others / total : (total - targetExponential) / total;
            SoftmaxLoss formula = formulas[formulas.length == 1 ? 0 : targets.hot[r]];
            double weight = targets.weight[r];
            double slope = weight == 0 ? 0 : crossEntropy ? -weight : weight * formula.derivative(l);
            double drift = drift(r, max, logTotal);
            double scale = job.scale() * logitScale;
            factor = scale * (drift - slope) / total;
            targetGradient = scale * (slope * rest + drift * (1 - rest));
            if (keepsProbabilities) {
                probability[r] = (top ? 1 : targetExponential) / total;
            }
            if (wantsTerms) {
                terms[r] =
                        (weight == 0 ? 0 : weight * (crossEntropy ? -l : formula.value(l))) + zTerm(r, max, logTotal);
            }
        }

        /**
         * Sets {@link #factor} and the term of a cross-entropy row with several targets; their own part of the gradient is
         * -scale times the target.
         *
         * @param sum of the targets
         * @param product of targets and logits minus the largest
         */
        final void several(int r, float max, double sum, double product, double total) {
            double logTotal = Math.log(total);
            factor = job.scale() * logitScale * (sum + drift(r, max, logTotal)) / total;
            if (wantsTerms) {
                terms[r] = sum * logTotal - product + zTerm(r, max, logTotal);
            }
        }

        private double drift(int r, float max, double logTotal) {
            return job.zLoss() == 0 ? 0 : 2 * job.zLoss() * targets.rowWeight[r] * (max + logTotal);
        }

        private double zTerm(int r, float max, double logTotal) {
            double partition = max + logTotal;
            return job.zLoss() == 0 ? 0 : job.zLoss() * targets.rowWeight[r] * partition * partition;
        }

        /** Computes a row by the formula: in double, except for the exponentials of soft labels where those will do. */
        final double[] byFormula(long row, int r) {
            if (formulaRow == null || wideTargets == null || softRow == null) {
                formulaRow = new SoftmaxRow(job);
                softRow = new SoftRow();
                wideTargets = new double[columns];
                wide = new double[columns];
                wideLogits = new double[columns];
            }
            if (targets.hot[r] != Targets.SOFT || margin != null || !softRow.compute(row, r, wideTargets, wide)) {
                job.predictions().load(row, 1, 0, columns, wideLogits, 0);
                terms[r] = formulaRow.compute(wideLogits, targets, r, wideTargets, wide);
            }
            for (int k = 0; k < columns; k++) {
                wide[k] *= job.scale();
            }
            return wide;
        }

        /** Soft labels of any loss: the formula of the loss runs for the classes that have a label. */
        private final class SoftRow {
            private final int padded = roundUp(columns, primitives.lanes());
            private final float[] x = new float[padded];
            private final float[] e = new float[padded];
            private final float[] partial = new float[primitives.lanes()];

            /** Sets the term and the unscaled gradient, or returns false if logits are infinite or NaN. */
            boolean compute(long row, int r, double[] t, double[] gradient) {
                Arrays.fill(x, columns, padded, Float.NEGATIVE_INFINITY);
                tiles.load(job.predictions(), row, 1, 0, columns, x);
                addBias(x);
                scale(x);
                float max = primitives.max(x, 0, padded);
                int top = 0;
                while (top < columns - 1 && x[top] != max) {
                    top++;
                }
                x[top] = Float.NEGATIVE_INFINITY; // kept apart, the others do not drown in it
                double others = primitives.exponentials(x, max, e, padded, partial);
                if (!(Math.abs(max) <= Float.MAX_VALUE) || !(others < Double.POSITIVE_INFINITY)) {
                    return false;
                }
                x[top] = max;
                e[top] = 1;
                double logTotal = Math.log1p(others);
                targets.effective(r, t);
                double value = 0;
                double slopes = 0;
                for (int k = 0; k < columns; k++) {
                    gradient[k] = 0;
                    if (t[k] != 0) {
                        SoftmaxLoss formula = formulas[formulas.length == 1 ? 0 : k];
                        double l = x[k] - max - logTotal;
                        value += t[k] * formula.value(l);
                        gradient[k] = t[k] * formula.derivative(l);
                        slopes += gradient[k];
                    }
                }
                double factor = (drift(r, max, logTotal) - slopes) / (1 + others);
                for (int k = 0; k < columns; k++) {
                    gradient[k] = logitScale * (gradient[k] + e[k] * factor);
                }
                terms[r] = value + zTerm(r, max, logTotal);
                return true;
            }
        }

        // Four sums at a time, as a single one would wait for itself; in the same order in both layouts.

        /** The sum of the targets of a row, which {@link #softTargets} then holds. */
        final double loadSoftTargets(int r) {
            double[] t = softTargets;
            targets.effective(r, t);
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            int k = 0;
            for (; k <= columns - 4; k += 4) {
                a += t[k];
                b += t[k + 1];
                c += t[k + 2];
                d += t[k + 3];
            }
            for (; k < columns; k++) {
                a += t[k];
            }
            return a + b + (c + d);
        }

        /** The sum of the targets times the logits minus the largest; the logits lie at equal distance. */
        final double productOfSoftTargets(float[] x, int at, int step, float max) {
            double[] t = softTargets;
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            int k = 0;
            for (int i = at; k <= columns - 4; k += 4, i += 4 * step) {
                a += product(t[k], x[i] - max);
                b += product(t[k + 1], x[i + step] - max);
                c += product(t[k + 2], x[i + 2 * step] - max);
                d += product(t[k + 3], x[i + 3 * step] - max);
            }
            for (; k < columns; k++) {
                a += product(t[k], x[at + k * step] - max);
            }
            return a + b + (c + d);
        }

        /** Logits may be infinite where the target is 0. */
        private static double product(double target, float distance) {
            return target == 0 ? 0 : target * distance;
        }
    }

    /** Rows along vectors. */
    private final class RowByRow extends Tile {
        private final int padded = roundUp(columns, primitives.lanes());
        private final float[] x = new float[padded];
        private final float[] e = new float[padded];
        private final float[] t = new float[padded];
        private final float[] partial = new float[primitives.lanes()];

        RowByRow() {
            Arrays.fill(x, Float.NEGATIVE_INFINITY);
        }

        @Override
        void tile(long firstRow, int n) {
            for (int r = 0; r < n; r++) {
                row(firstRow + r, r);
                if (wantsGradient && outputs.gradient() != null) {
                    tiles.store(e, outputs.gradient(), firstRow + r, 1, 0, columns);
                }
            }
        }

        /** Leaves the gradient in {@link #e}. */
        private void row(long row, int r) {
            int hot = targets.hot[r];
            if (hot == Targets.NOTHING) {
                Arrays.fill(e, 0, columns, 0);
                terms[r] = 0;
                return;
            }
            tiles.load(job.predictions(), row, 1, 0, columns, x);
            transform(r, hot);
            float max = primitives.max(x, 0, padded);
            if (!isOrdinary(r, max, 0)) {
                copy(byFormula(row, r));
            } else if (hot >= 0) {
                singleTarget(row, r, hot, max);
            } else {
                severalTargets(row, r, max);
            }
        }

        private void transform(int r, int hot) {
            addBias(x);
            if (margin != null && hot >= 0) {
                x[hot] -= (float) (margin[hot] * targets.original(r, hot));
            }
            scale(x);
        }

        private void singleTarget(long row, int r, int hot, float max) {
            float distance = x[hot] - max;
            if (keepsProbabilities) {
                right[r] = distance == 0 && isFirst(hot, max);
            }
            if (distance == 0) {
                x[hot] = Float.NEGATIVE_INFINITY;
            }
            double others = primitives.exponentials(x, max, e, padded, partial);
            if (!isOrdinary(r, max, others)) {
                copy(byFormula(row, r));
                return;
            }
            single(r, max, distance, others, e[hot]);
            if (wantsGradient) {
                primitives.scale(e, (float) factor, e, padded);
                e[hot] = (float) targetGradient;
            }
        }

        private boolean isFirst(int hot, float max) {
            int k = 0;
            while (k < hot && x[k] != max) {
                k++;
            }
            return k == hot;
        }

        private void severalTargets(long row, int r, float max) {
            double sum = loadSoftTargets(r);
            double product = productOfSoftTargets(x, 0, 1, max);
            for (int k = 0; k < columns; k++) {
                t[k] = (float) softTargets[k];
            }
            double total = primitives.exponentials(x, max, e, padded, partial);
            if (!isOrdinary(r, max, total)) {
                copy(byFormula(row, r));
                return;
            }
            several(r, max, sum, product, total);
            if (wantsGradient) {
                primitives.combine(t, (float) (-job.scale() * logitScale), e, (float) -factor, e, padded);
            }
        }

        private void copy(double[] gradient) {
            for (int k = 0; k < columns; k++) {
                e[k] = (float) gradient[k];
            }
        }
    }

    /** Vectors across rows, from a transposed tile. */
    private final class AcrossRows extends Tile {
        private final int pitch = roundUp(tileRows, primitives.lanes());
        private final float[] x = new float[columns * pitch];
        private final float[] max = new float[pitch];
        private final float[] partial = new float[primitives.lanes() * pitch];
        private final double[] sums = new double[pitch];
        private final float[] distance = new float[pitch];
        private final float[] factors = new float[pitch];
        private final float[] targetGradients = new float[pitch];
        private final boolean[] ordinary = new boolean[tileRows];
        private final double[] softSum = new double[tileRows];
        private final double[] softProduct = new double[tileRows];
        /** Targets of soft rows, transposed like x; made when first needed. */
        private float[] soft = new float[0];
        /** Rows as they lie in memory, before they are transposed; empty if they need not be. */
        private final float[] staged;
        /** Per-row work on vectors pays for short rows only. */
        private final boolean vectorRows = columns <= SHORT && crossEntropy && job.zLoss() == 0;

        private final float[] weight = new float[vectorRows ? pitch : 0];
        private final float[] others = new float[vectorRows ? pitch : 0];
        private final float[] log = new float[vectorRows ? pitch : 0];
        private final float[] targetExponential = new float[vectorRows ? pitch : 0];
        /** 0 where the target is the largest class, which is then not in the sum; else 1. */
        private final float[] inSum = new float[vectorRows ? pitch : 0];

        AcrossRows() {
            staged = new float[job.predictions().isColumnMajor() ? 0 : columns * tileRows];
        }

        @Override
        void tile(long firstRow, int n) {
            load(firstRow, n);
            transform(n);
            primitives.maxAcross(x, columns, pitch, max);
            for (int r = 0; r < n; r++) {
                prepare(r);
            }
            primitives.exponentialsAcross(x, columns, pitch, max, partial, sums);
            for (int r = 0; r < n; r++) {
                ordinary[r] &= isOrdinary(r, max[r], sums[r]);
            }
            if (vectorRows) {
                finishOnVectors(n);
            }
            for (int r = 0; r < n; r++) {
                if (!isPlain(r)) {
                    finish(r);
                }
            }
            if (wantsGradient) {
                primitives.scaleAcross(x, columns, pitch, factors);
            }
            for (int r = 0; r < n; r++) {
                complete(firstRow + r, r);
            }
            if (wantsGradient) {
                store(firstRow, n);
            }
        }

        private void load(long firstRow, int n) {
            if (staged.length == 0) {
                tiles.loadTransposed(job.predictions(), firstRow, n, x, pitch);
                return;
            }
            tiles.load(job.predictions(), firstRow, n, 0, columns, staged);
            for (int k = 0; k < columns; k++) {
                for (int r = 0, i = k; r < n; r++, i += columns) {
                    x[k * pitch + r] = staged[i];
                }
            }
        }

        private void store(long firstRow, int n) {
            Rows gradient = Objects.requireNonNull(outputs.gradient());
            if (staged.length == 0) {
                tiles.storeTransposed(x, gradient, pitch, firstRow, n);
                return;
            }
            for (int k = 0; k < columns; k++) {
                for (int r = 0, i = k; r < n; r++, i += columns) {
                    staged[i] = x[k * pitch + r];
                }
            }
            tiles.store(staged, gradient, firstRow, n, 0, columns);
        }

        /** Whether the row has been finished on vectors; a row must not depend on its neighbours. */
        private boolean isPlain(int r) {
            return vectorRows && ordinary[r] && targets.hot[r] >= 0;
        }

        /** The same as {@link #single} in single precision, for all plain rows at once. */
        private void finishOnVectors(int n) {
            for (int r = 0; r < n; r++) {
                boolean plain = isPlain(r);
                weight[r] = plain ? (float) targets.weight[r] : 0;
                targetExponential[r] = plain ? x[targets.hot[r] * pitch + r] : 0;
                inSum[r] = distance[r] == 0 ? 0 : 1;
            }
            for (int r = 0; r < n; r++) {
                others[r] = (float) (sums[r] - inSum[r]);
            }
            primitives.logOnePlus(others, log, pitch);
            float scale = (float) (job.scale() * logitScale);
            for (int r = 0; r < n; r++) {
                factors[r] = scale * weight[r] / (1 + others[r]);
            }
            for (int r = 0; r < n; r++) {
                targetGradients[r] = -factors[r] * (others[r] + inSum[r] * (1 - targetExponential[r]));
            }
            for (int r = 0; r < n && keepsProbabilities; r++) {
                probability[r] = isPlain(r) ? (inSum[r] == 0 ? 1 : targetExponential[r]) / (1 + others[r]) : Double.NaN;
            }
            if (wantsTerms) {
                for (int r = 0; r < n; r++) {
                    terms[r] = weight[r] * (log[r] - distance[r]);
                }
            }
        }

        private void transform(int n) {
            if (bias != null) {
                for (int k = 0; k < columns; k++) {
                    float b = bias[k];
                    for (int i = k * pitch; i < (k + 1) * pitch; i++) {
                        x[i] += b;
                    }
                }
            }
            if (margin != null) {
                for (int r = 0; r < n; r++) {
                    int hot = targets.hot[r];
                    if (hot >= 0) {
                        x[hot * pitch + r] -= (float) (margin[hot] * targets.original(r, hot));
                    }
                }
            }
            if (logitScale != 1) {
                for (int i = 0; i < columns * pitch; i++) {
                    x[i] *= logitScale;
                }
            }
        }

        private void prepare(int r) {
            int hot = targets.hot[r];
            ordinary[r] = isOrdinary(r, max[r], 0);
            if (hot >= 0) {
                int i = hot * pitch + r;
                distance[r] = x[i] - max[r];
                if (keepsProbabilities) {
                    right[r] = distance[r] == 0 && isFirst(hot, r);
                }
                if (distance[r] == 0) {
                    x[i] = Float.NEGATIVE_INFINITY;
                }
            } else if (hot == Targets.SOFT && ordinary[r]) {
                if (soft.length == 0) {
                    soft = new float[columns * pitch];
                }
                softSum[r] = loadSoftTargets(r);
                for (int k = 0; k < columns; k++) {
                    soft[k * pitch + r] = (float) softTargets[k];
                }
                softProduct[r] = productOfSoftTargets(x, r, pitch, max[r]);
            }
        }

        private boolean isFirst(int hot, int r) {
            int i = r;
            while (i < hot * pitch + r && x[i] != max[r]) {
                i += pitch;
            }
            return i == hot * pitch + r;
        }

        private void finish(int r) {
            int hot = targets.hot[r];
            factors[r] = 0;
            if (hot == Targets.NOTHING) {
                terms[r] = 0;
                return;
            }
            if (!ordinary[r]) {
                return;
            }
            if (hot >= 0) {
                single(r, max[r], distance[r], sums[r], x[hot * pitch + r]);
                targetGradients[r] = (float) targetGradient;
            } else {
                several(r, max[r], softSum[r], softProduct[r], sums[r]);
            }
            factors[r] = (float) factor;
        }

        private void complete(long row, int r) {
            int hot = targets.hot[r];
            if (hot == Targets.NOTHING) {
                for (int k = 0; k < columns; k++) {
                    x[k * pitch + r] = 0;
                }
            } else if (!ordinary[r]) {
                double[] gradient = byFormula(row, r);
                for (int k = 0; k < columns; k++) {
                    x[k * pitch + r] = (float) gradient[k];
                }
            } else if (hot >= 0) {
                x[hot * pitch + r] = targetGradients[r];
            } else {
                float scale = (float) (-job.scale() * logitScale);
                for (int k = 0; k < columns; k++) {
                    int i = k * pitch + r;
                    x[i] = Math.fma(soft[i], scale, x[i]);
                }
            }
        }
    }
}
