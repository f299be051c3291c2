package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The whole softmax family in single precision. For a label on one class the gradient of any member is one coefficient
 * times (p_j - [j = y]), so the scalar formula of the loss runs once per row and everything else is shared.
 *
 * <p>Rows are computed as they lie in memory, plain ones in single precision without a copy; longer ones in channels-first
 * layouts across rows, from a transposed tile. All add up in the same order and give the same bits.
 *
 * <p>Exponentials are taken of logits as they are, without a pass for the maximum, as long as they are not above {@link
 * Primitives#HIGHEST} and not all too low. A row that is loses its maximum, and its tile is computed again: so a row gives
 * the same bits whatever its neighbours are. What its sums make of a row is {@link RowCoefficients}' affair, several
 * targets are that of {@link SoftTargets}.
 */
final class SoftmaxKernel implements RowKernel {
    /** Up to this many columns a row is too short to fill vectors of its own; where exactly has not been measured here. */
    private static final int SHORT = 48;

    /** Elements in a tile of short rows: fits L1. */
    private static final int SHORT_TILE = 1 << 12;

    /** Elements of a transposed tile of longer rows: runs of at least 64 bytes in memory, fits L2. */
    private static final int LONG_TILE = 1 << 16;

    private static final int MOST_TILE_ROWS = 512;

    /** Elements in a tile of longer rows of floats, if not a single row: they come and go in bursts, so less is faster. */
    private static final int BURST_TILE = 1 << 10;

    /** The same with dense labels that are copied, of which larger pieces are searched faster, and for half types. */
    private static final int LARGER_TILE = 1 << 12;

    /** The least logit of which the exponential is surely taken right. */
    static final float FAR_BELOW = -1e6f;

    /** A row takes as long as its logits and about so many more. */
    private static final int ROW = 6;

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

    /** Whether rows with one target are finished together, on vectors; else one by one by the scalar formula. */
    private final boolean together;

    private final float logitScale;
    private final float @Nullable [] bias;
    private final double @Nullable [] margin;
    /** The terms of all rows if rows are huge; else null. */
    private final double @Nullable [] termsOfRows;

    /** The logits, if exponentials can be taken of them as they lie in memory; else null. */
    private final @Nullable FloatMemory memory;
    /** Where gradients are written without a copy; else null. */
    private final @Nullable FloatMemory gradientMemory;

    SoftmaxKernel(LossJob job, Primitives primitives) {
        this.job = job;
        this.primitives = primitives;
        loss = (SoftmaxLoss) job.spec();
        columns = job.predictions().columns();
        across = columns > SHORT && job.predictions().isColumnMajor();
        crossEntropy = RowCoefficients.isCrossEntropy(loss);
        together = RowCoefficients.areTogether(job, primitives);
        LogitTransform transform = job.logits();
        logitScale = (float) transform.scale();
        bias = singles(transform.bias());
        margin = transform.margin();
        long rows = job.predictions().rows();
        boolean apart = columns > HUGE && rows < 1 << 30;
        termsOfRows = apart ? new double[(int) rows] : null;
        boolean plain = together
                && margin == null
                && transform.isIdentity()
                && job.outputs().classes() == null;
        memory = memory(job.predictions(), plain && primitives.reachesMemory());
        gradientMemory = memory(job.outputs().gradient(), memory != null && columns >= primitives.lanes());
    }

    static boolean supports(LossJob job) {
        return ((SoftmaxLoss) job.spec()).input() == InputForm.LOGITS;
    }

    static float @Nullable [] singles(double @Nullable [] values) {
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
        if (termsOfRows != null && job.outputs().classes() == null) {
            return across ? tileRows() : Math.max(1, CHUNK / columns);
        }
        int unit = columns <= SHORT ? MOST_TILE_ROWS : 64;
        return Math.max(unit, CHUNK / (columns + ROW) / unit * unit);
    }

    @Override
    public double sum(double[] chunks) {
        return RowKernel.super.sum(termsOfRows == null ? chunks : termsOfRows);
    }

    private static @Nullable FloatMemory memory(@Nullable Rows rows, boolean reached) {
        return rows == null || !reached ? null : FloatMemory.ofRows(rows);
    }

    private int tileRows() {
        long present = job.predictions().rows();
        if (!across && columns > SHORT) {
            boolean burst = job.predictions().type() == DataType.FLOAT
                    && (memory != null || job.labels().index());
            int elements = burst ? BURST_TILE : LARGER_TILE;
            return (int) Math.max(1, Math.min(elements / columns, present));
        }
        int rows = Math.min(MOST_TILE_ROWS, (columns <= SHORT ? SHORT_TILE : LONG_TILE) / columns) / 16 * 16;
        return (int) Math.max(16, Math.min((present + 15) / 16 * 16, rows));
    }

    private void addBias(float[] x, int rows) {
        for (int at = 0; bias != null && at < rows * columns; at += columns) {
            for (int k = 0; k < columns; k++) {
                x[at + k] += bias[k];
            }
        }
    }

    private void scale(float[] x, int n) {
        for (int i = 0; logitScale != 1 && i < n; i++) {
            x[i] *= logitScale;
        }
    }

    /** The sums of the parts of rows, each a given number of elements long. */
    static void sumRows(float[] x, int length, int rows, float[] sums) {
        int r = 0;
        // Four at a time: a single sum would wait for itself.
        for (int at = 0; r <= rows - 4; r += 4, at += 4 * length) {
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            for (int i = at; i < at + length; i++) {
                a += x[i];
                b += x[i + length];
                c += x[i + 2 * length];
                d += x[i + 3 * length];
            }
            sums[r] = a;
            sums[r + 1] = b;
            sums[r + 2] = c;
            sums[r + 3] = d;
        }
        for (; r < rows; r++) {
            float a = 0;
            for (int i = r * length; i < (r + 1) * length; i++) {
                a += x[i];
            }
            sums[r] = a;
        }
    }

    /** Adds to the sums of rows in double, one part after the other. */
    static void addRows(float[] x, int length, int rows, double[] sums) {
        int r = 0;
        for (int at = 0; r <= rows - 4; r += 4, at += 4 * length) {
            double a = sums[r];
            double b = sums[r + 1];
            double c = sums[r + 2];
            double d = sums[r + 3];
            for (int i = at; i < at + length; i++) {
                a += x[i];
                b += x[i + length];
                c += x[i + 2 * length];
                d += x[i + 3 * length];
            }
            sums[r] = a;
            sums[r + 1] = b;
            sums[r + 2] = c;
            sums[r + 3] = d;
        }
        for (; r < rows; r++) {
            for (int i = r * length; i < (r + 1) * length; i++) {
                sums[r] += x[i];
            }
        }
    }

    private static int roundUp(int n, int unit) {
        return (n + unit - 1) / unit * unit;
    }

    @Override
    public Worker worker() {
        return across ? new AcrossRows() : new WholeRows();
    }

    /** What both layouts share: targets, coefficients, and the formula for rows that need it. */
    private abstract class Tile implements Worker {
        final Scratch scratch = Scratch.ofThisThread();
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
        final double[] probability = scratch.doubles(outputs.classes() == null ? 0 : tileRows);
        /** By row: whether that class is the first of the most probable ones. */
        final boolean[] right = scratch.booleans(probability.length);

        final int vectorRows = roundUp(tileRows, primitives.lanes());
        final RowCoefficients coefficients = new RowCoefficients(
                job,
                primitives,
                tileRows,
                targets.hot,
                targets.areUnweighted() ? null : targets.weight,
                targets.rowWeight);
        final double[] terms = coefficients.terms;
        final float[] shift = coefficients.shift;
        final float[] targetExponential = coefficients.targetExponential;
        final float[] others = coefficients.others;
        final float[] factors = coefficients.factors;
        final float[] targetGradients = coefficients.targetGradients;
        private final float[] targetLogit = coefficients.targetLogit;
        /** Whether probabilities are asked for, or the formula row by row. */
        private final boolean needsTotals = keepsProbabilities || !together;

        /** Step from a row to the next and from a column to the next in a tile. */
        private final int rowStep;

        private final int columnStep;
        /** Logits, and then their exponentials. */
        final float[] x;
        /** Whether rows with several targets need no formula. */
        private final boolean softHere = crossEntropy && margin == null;
        /** By row: whether the formula computes it: infinite and NaN logits, and soft labels of most losses. */
        private final boolean[] odd = scratch.booleans(tileRows);

        private boolean anyOdd;
        /** Whether the last tile had logits that were too large. */
        private boolean high;

        /** Made when first needed. */
        private @Nullable SoftTargets soft;

        private double[] wide = new double[0];
        private double @Nullable [] wideTargets;
        private double[] wideLogits = new double[0];
        private @Nullable SoftmaxRow formulaRow;
        private @Nullable SoftRow softRow;

        Tile(int rowStep, int columnStep, int size) {
            this.rowStep = rowStep;
            this.columnStep = columnStep;
            x = scratch.floats(size);
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
                sum = add(sum, n);
                if (termsOfRows != null) {
                    System.arraycopy(terms, 0, termsOfRows, (int) row, n);
                }
                if (outputs.terms() != null) {
                    outputs.terms().store(terms, 0, row, n, 0, 1);
                }
            }
            return sum;
        }

        /**
         * Computes a tile of the plain kind without copying its logits.
         *
         * @return false if it is not of that kind; nothing has been written then
         */
        boolean direct(long firstRow, int n) {
            return false;
        }

        /** Reads rows into {@link #x}, and takes their biases and scale into account. */
        abstract void load(long firstRow, int n);

        /**
         * Replaces the logits of {@link #x} by their exponentials.
         *
         * @return whether no logit was too large; else they mean nothing
         */
        abstract boolean exponentials(int n);

        /** Sets {@link #others}, the sums of rows of exponentials. */
        abstract void sum(int n);

        /** Writes the largest logit of each row to {@link #shift}; NaN may be lost. */
        abstract void maxima(int n);

        /** Multiplies each row of exponentials by its factor. */
        abstract float[] scaled(int n);

        abstract void store(float[] gradient, Rows to, long firstRow, int n);

        private void tile(long firstRow, int n) {
            if (anyOdd) {
                Arrays.fill(odd, false);
                anyOdd = false;
            }
            if (!high && direct(firstRow, n)) {
                return;
            }
            boolean single = hasSingleTargets(n);
            if (!(high && computeHigh(firstRow, n))) {
                compute(firstRow, n, single);
            }
            for (int r = 0; r < n && !single; r++) {
                finishWithoutTarget(r);
            }
            float[] gradient = wantsGradient ? gradient(n, single) : x;
            for (int r = 0; r < n && anyOdd; r++) {
                if (odd[r]) {
                    fill(gradient, r * rowStep, byFormula(firstRow + r, r));
                }
            }
            if (wantsGradient && outputs.gradient() != null) {
                store(gradient, outputs.gradient(), firstRow, n);
            }
        }

        final boolean hasSoft(int n) {
            for (int r = 0; r < n; r++) {
                if (targets.hot[r] == Targets.SOFT) {
                    return true;
                }
            }
            return false;
        }

        private boolean hasSingleTargets(int n) {
            int least = 0;
            for (int r = 0; r < n; r++) {
                least = Math.min(least, targets.hot[r]);
            }
            return least == 0;
        }

        /** Exponentials of logits as they are; if that does not do, without the maxima of those rows where it does not. */
        private void compute(long firstRow, int n, boolean single) {
            Arrays.fill(shift, 0);
            load(firstRow, n);
            margins(n);
            takeTargets(n);
            for (int r = 0; r < n && keepsProbabilities; r++) {
                right[r] = targets.hot[r] >= 0 && isFirst(r);
            }
            boolean fine = exponentials(n)
                    & sum(n, single)
                    & (needsTotals ? coefficients.areValid(n) : coefficients.finishTogether(n));
            if (!(fine && areValidSoft(n, single))) {
                coefficients.areValid(n); // which rows they are
                load(firstRow, n);
                margins(n);
                shift(n, false);
                takeTargets(n);
                exponentials(n);
                sum(n, single);
                coefficients.areValid(n);
                finishShifted(n);
                for (int r = 0; r < n; r++) {
                    high |= shift[r] > Primitives.HIGHEST;
                }
            } else if (needsTotals) {
                finish(n);
            }
        }

        /**
         * The same after a tile with logits that were too large, which others tend to follow: rows with such logits lose
         * their maxima at once.
         *
         * @return false if that is not enough; nothing holds then
         */
        private boolean computeHigh(long firstRow, int n) {
            high = false;
            if (hasSoft(n) || keepsProbabilities) {
                return false;
            }
            load(firstRow, n);
            margins(n);
            shift(n, true);
            takeTargets(n);
            exponentials(n);
            sum(n, hasSingleTargets(n));
            coefficients.areValid(n);
            for (int r = 0; r < n; r++) {
                high |= shift[r] > Primitives.HIGHEST;
                if (shift[r] == 0 && !odd[r] && targets.hot[r] >= 0 && !isValid(r, 0)) {
                    Arrays.fill(odd, false);
                    anyOdd = false;
                    return false;
                }
            }
            finishShifted(n);
            return true;
        }

        private void finishShifted(int n) {
            for (int r = 0; r < n; r++) {
                setOdd(r, odd[r] || !isValid(r, 0));
            }
            coefficients.areValid(n);
            finish(n);
        }

        private float[] gradient(int n, boolean single) {
            if (single && columns == 2) {
                return ofPairs(n);
            }
            float[] gradient = scaled(n);
            if (soft != null && soft.addTogether() && areAllSoft(n)) {
                soft.addAll(n, gradient);
                return gradient;
            }
            for (int r = 0, at = 0; r < n; r++, at += rowStep) {
                int hot = targets.hot[r];
                if (hot >= 0) {
                    gradient[at + hot * columnStep] = targetGradients[r];
                } else {
                    addTargets(r, gradient, at);
                }
            }
            return gradient;
        }

        /** In place, as nothing goes over the end of a row. */
        private float[] ofPairs(int n) {
            for (int r = 0, at = 0; r < n; r++, at += 2) {
                int i = at + targets.hot[r];
                x[i] = targetGradients[r];
                x[i ^ 1] *= factors[r];
            }
            return x;
        }

        private void fill(float[] gradient, int at, double[] row) {
            for (int k = 0, i = at; k < columns; k++, i += columnStep) {
                gradient[i] = (float) row[k];
            }
        }

        private void margins(int n) {
            for (int r = 0; r < n && margin != null; r++) {
                int hot = targets.hot[r];
                if (hot >= 0) {
                    x[r * rowStep + hot * columnStep] -= (float) (logitScale * margin[hot] * targets.original(r, hot));
                }
            }
        }

        private void setOdd(int r, boolean isOdd) {
            odd[r] = isOdd;
            anyOdd |= isOdd;
            if (isOdd) {
                coefficients.leaveOut(r);
            }
        }

        /** Adds terms. Short rows, of which tiles are the same for any layout, four at a time. */
        private double add(double sum, int n) {
            double a = sum;
            double b = 0;
            double c = 0;
            double d = 0;
            int r = 0;
            for (; columns <= SHORT && r <= n - 4; r += 4) {
                a += terms[r];
                b += terms[r + 1];
                c += terms[r + 2];
                d += terms[r + 3];
            }
            for (; r < n; r++) {
                a += terms[r];
            }
            return a + b + (c + d);
        }

        private void addTo(ClassTotals totals, long firstRow, int n) {
            for (int r = 0; r < n; r++) {
                if (Double.isNaN(probability[r])) {
                    tally.add(firstRow + r, r, terms[r], totals);
                } else {
                    tally.addSingle(r, terms[r], probability[r], right[r], totals);
                }
            }
        }

        /** Sets the factor and the term of a row with several targets, or none. */
        private void finishWithoutTarget(int r) {
            if (soft != null && isSoftHere(r)) {
                double total = soft.total[r];
                double logTotal = Math.log(total);
                double slope = soft.sum[r] + coefficients.drift(r, shift[r], logTotal);
                factors[r] = (float) (job.scale() * logitScale * slope / total);
                if (wantsTerms) {
                    terms[r] = soft.term(r, logTotal) + coefficients.zTerm(r, shift[r], logTotal);
                }
            } else if (targets.hot[r] < 0) {
                factors[r] = 0;
                terms[r] = 0;
            }
        }

        private boolean areAllSoft(int n) {
            boolean all = true;
            for (int r = 0; r < n && all; r++) {
                all = isSoftHere(r);
            }
            return all;
        }

        /** Several targets, or none. */
        private void addTargets(int r, float[] gradient, int at) {
            if (soft != null && isSoftHere(r)) {
                soft.add(r, gradient);
                return;
            }
            for (int k = 0, i = at; k < columns; k++, i += columnStep) {
                gradient[i] = 0;
            }
        }

        /** Takes the logits of the targets out of the tile: what is left are the other classes. */
        private void takeTargets(int n) {
            int least = 0;
            for (int r = 0, at = 0; r < n; r++, at += rowStep) {
                int hot = targets.hot[r];
                least = Math.min(least, hot);
                if (hot >= 0) {
                    int i = at + hot * columnStep;
                    targetLogit[r] = x[i];
                    x[i] = Primitives.GONE;
                } else {
                    targetLogit[r] = Primitives.GONE;
                }
            }
            if (least < 0) {
                takeSoftTargets(n);
            }
        }

        private void takeSoftTargets(int n) {
            if (soft == null && softHere) {
                soft = new SoftTargets(job, targets, primitives, columns <= SHORT, tileRows, rowStep, columnStep);
            }
            if (soft != null) {
                soft.prepare(n, x);
            }
            for (int r = 0; r < n; r++) {
                if (targets.hot[r] == Targets.SOFT) {
                    setOdd(r, soft == null || odd[r] || !soft.take(r, x));
                }
            }
        }

        private boolean isFirst(int r) {
            int hot = targets.hot[r];
            for (int k = 0, i = r * rowStep; k < columns; k++, i += columnStep) {
                if (!(x[i] < targetLogit[r] || k >= hot && x[i] == targetLogit[r] || k == hot)) {
                    return false;
                }
            }
            return true;
        }

        /**
         * Sums rows, and puts the sums of those without a single target aside.
         *
         * @return whether no target was too large
         */
        private boolean sum(int n, boolean single) {
            sum(n);
            boolean bounded = coefficients.takeTargetExponentials();
            for (int r = 0; r < n && !single; r++) {
                if (targets.hot[r] < 0) {
                    if (targets.hot[r] == Targets.SOFT && soft != null) {
                        soft.total[r] = others[r];
                    }
                    coefficients.leaveOut(r);
                }
            }
            return bounded;
        }

        private boolean areValidSoft(int n, boolean single) {
            for (int r = 0; r < n && !single; r++) {
                if (soft != null && isSoftHere(r) && !(soft.total[r] >= Primitives.LEAST_TOTAL)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isSoftHere(int r) {
            return targets.hot[r] == Targets.SOFT && !odd[r];
        }

        /** Rows that are not valid, or have a logit that is too large, lose their largest logit. */
        private void shift(int n, boolean onlyHigh) {
            maxima(n);
            for (int r = 0; r < n; r++) {
                float max = shift[r];
                shift[r] = 0;
                if (targets.hot[r] == Targets.NOTHING || odd[r] || !(Math.abs(max) <= Float.MAX_VALUE)) {
                    odd[r] |= targets.hot[r] != Targets.NOTHING;
                    anyOdd |= odd[r];
                    empty(r);
                } else if (onlyHigh ? max > Primitives.HIGHEST : !isValid(r, max)) {
                    shift[r] = max;
                    subtract(r, max);
                }
            }
        }

        private void empty(int r) {
            for (int k = 0, i = r * rowStep; k < columns; k++, i += columnStep) {
                x[i] = 0;
            }
        }

        /** What is far below becomes {@link #FAR_BELOW}, which the exponentials can take. */
        private void subtract(int r, float max) {
            int at = r * rowStep;
            if (targets.hot[r] == Targets.SOFT) {
                // The product of targets and logits must be that of the logits as they are.
                for (int k = 0, i = at; k < columns; k++, i += columnStep) {
                    odd[r] |= x[i] - max < FAR_BELOW;
                }
            }
            if (columnStep == 1) {
                for (int i = at; i < at + columns; i++) {
                    x[i] = Math.max(x[i] - max, FAR_BELOW);
                }
            } else {
                for (int k = 0, i = at; k < columns; k++, i += columnStep) {
                    x[i] = Math.max(x[i] - max, FAR_BELOW);
                }
            }
        }

        private boolean isValid(int r, float max) {
            return coefficients.isValid(
                    r, max, soft != null && isSoftHere(r) ? (float) soft.total[r] : coefficients.totals[r]);
        }

        private void finish(int n) {
            coefficients.finish(n);
            for (int r = 0; r < n && keepsProbabilities; r++) {
                probability[r] =
                        targets.hot[r] >= 0 && !odd[r] ? targetExponential[r] / coefficients.totals[r] : Double.NaN;
            }
        }

        /** Computes a row by the formula: in double, except for the exponentials of soft labels where those will do. */
        final double[] byFormula(long row, int r) {
            if (formulaRow == null || wideTargets == null || softRow == null) {
                formulaRow = new SoftmaxRow(job);
                softRow = new SoftRow();
                wideTargets = scratch.doubles(columns);
                wide = scratch.doubles(columns);
                wideLogits = scratch.doubles(columns);
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
            private final float[] x = scratch.floats(padded);
            private final float[] e = scratch.floats(padded);
            private final float[] partial = scratch.floats(primitives.lanes());

            /** Sets the term and the unscaled gradient, or returns false if logits are infinite or NaN. */
            boolean compute(long row, int r, double[] t, double[] gradient) {
                Arrays.fill(x, columns, padded, Float.NEGATIVE_INFINITY);
                tiles.load(job.predictions(), row, 1, 0, columns, x);
                addBias(x, 1);
                scale(x, columns);
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
                        SoftmaxLoss formula = coefficients.formula(k);
                        double l = x[k] - max - logTotal;
                        value += t[k] * formula.value(l);
                        gradient[k] = t[k] * formula.derivative(l);
                        slopes += gradient[k];
                    }
                }
                double factor = (coefficients.drift(r, max, logTotal) - slopes) / (1 + others);
                for (int k = 0; k < columns; k++) {
                    gradient[k] = logitScale * (gradient[k] + e[k] * factor);
                }
                terms[r] = value + coefficients.zTerm(r, max, logTotal);
                return true;
            }
        }
    }

    /** Rows one after the other, as they lie in memory. */
    private final class WholeRows extends Tile {
        private final boolean isShort = columns <= SHORT;
        /** Vectors go over the ends of short rows; longer ones begin with a vector each. */
        private final int pitch = isShort ? columns : roundUp(columns, primitives.lanes());

        private final float[] e;
        private final float[] gradient;
        /** By row: the partial sums of exponentials. */
        private final float[] partial = scratch.floats(isShort ? 0 : tileRows * primitives.lanes());

        private final double[] sums = scratch.doubles(isShort ? 0 : tileRows);

        private final @Nullable DirectRows directRows = memory == null ? null : primitives.directRows();

        WholeRows() {
            super(columns, 1, roundUp(columns * tileRows(), primitives.lanes()) + primitives.lanes());
            // In place where no row goes over the beginning of the next.
            e = pitch == columns || tileRows == 1 ? x : scratch.floats(tileRows * pitch);
            gradient = isShort || memory != null && gradientMemory == null ? scratch.floats(x.length) : x;
        }

        @Override
        boolean direct(long firstRow, int n) {
            long first = firstRow * columns;
            int whole = roundUp(n * columns, primitives.lanes());
            if (directRows == null || memory == null || !memory.holds(first, whole) || hasSoft(n)) {
                return false;
            }
            if (!directRows.exponentials(memory, first, whole, x)
                    || !(columns == 2 ? splitPairs(n) : takeExponentials(n))) {
                return false;
            }
            if (gradientMemory != null) {
                directRows.scale(x, columns, n, factors, targets.hot, targetGradients, gradientMemory, first);
            } else if (outputs.gradient() != null) {
                if (columns == 2) {
                    joinPairs(n);
                } else {
                    primitives.scaleRows(x, columns, columns, n, factors, gradient);
                    putTargets(n);
                }
                store(gradient, outputs.gradient(), firstRow, n);
            }
            return true;
        }

        /** Takes the exponentials of targets out of the tile and adds up the others; false if it is not valid. */
        private boolean takeExponentials(int n) {
            for (int r = 0, at = 0; r < n; r++, at += columns) {
                int hot = targets.hot[r];
                if (hot >= 0) {
                    targetExponential[r] = x[at + hot];
                    x[at + hot] = 0;
                } else {
                    Arrays.fill(x, at, at + columns, 0);
                    targetExponential[r] = 1;
                }
            }
            sumOthers(n);
            return coefficients.finishTogether(n);
        }

        private void sumOthers(int n) {
            Arrays.fill(sums, 0);
            for (int from = 0; from < columns && !isShort; from += Primitives.BLOCK) {
                int to = Math.min(columns, from + Primitives.BLOCK);
                primitives.partialSums(x, columns, from, to, n, partial);
                addRows(partial, primitives.lanes(), n, sums);
            }
            sum(n);
        }

        private boolean splitPairs(int n) {
            primitives.splitPairs(x, targets.hot, targetExponential, others, vectorRows);
            for (int r = 0; r < n && !targets.areUnweighted(); r++) {
                if (targets.hot[r] < 0) {
                    coefficients.leaveOut(r);
                }
            }
            return coefficients.finishTogether(n);
        }

        private void joinPairs(int n) {
            primitives.joinPairs(targetGradients, targets.hot, gradient, vectorRows);
            for (int r = 0; r < n && !targets.areUnweighted(); r++) {
                if (targets.hot[r] < 0) {
                    gradient[2 * r] = 0;
                    gradient[2 * r + 1] = 0;
                }
            }
        }

        private void putTargets(int n) {
            for (int r = 0, at = 0; r < n; r++, at += columns) {
                if (targets.hot[r] >= 0) {
                    gradient[at + targets.hot[r]] = targetGradients[r];
                }
            }
        }

        @Override
        void load(long firstRow, int n) {
            tiles.load(job.predictions(), firstRow, n, 0, columns, x);
            addBias(x, n);
            scale(x, n * columns);
        }

        @Override
        boolean exponentials(int n) {
            if (isShort) {
                int whole = roundUp(n * columns, primitives.lanes());
                Arrays.fill(x, n * columns, whole, Primitives.GONE);
                return primitives.boundedExponentials(x, x, whole);
            }
            Arrays.fill(sums, 0);
            boolean bounded = true;
            for (int from = 0; from < columns; from += Primitives.BLOCK) {
                int to = Math.min(columns, from + Primitives.BLOCK);
                bounded &= primitives.boundedExponentials(x, columns, from, to, n, e, pitch, partial);
                addRows(partial, primitives.lanes(), n, sums);
            }
            return bounded;
        }

        @Override
        void sum(int n) {
            if (columns == 2) {
                for (int r = 0; r < n; r++) {
                    others[r] = x[2 * r] + x[2 * r + 1];
                }
            } else if (isShort) {
                sumRows(x, columns, n, others);
            }
            for (int r = 0; r < n && !isShort; r++) {
                others[r] = (float) sums[r];
            }
        }

        @Override
        void maxima(int n) {
            int lanes = primitives.lanes();
            int whole = columns / lanes * lanes;
            for (int r = 0, at = 0; r < n; r++, at += columns) {
                shift[r] = primitives.max(x, at, whole);
                for (int k = whole; k < columns; k++) {
                    shift[r] = Math.max(shift[r], x[at + k]);
                }
            }
        }

        @Override
        float[] scaled(int n) {
            primitives.scaleRows(e, pitch, columns, n, factors, gradient);
            return gradient;
        }

        @Override
        void store(float[] from, Rows to, long firstRow, int n) {
            tiles.store(from, to, firstRow, n, 0, columns);
        }
    }

    /** Vectors across rows, from a transposed tile. */
    private final class AcrossRows extends Tile {
        private final int pitch = vectorRows;
        private final float[] partial = scratch.floats(primitives.lanes() * pitch);
        private final double[] sums = scratch.doubles(pitch);
        private final float[] max = scratch.floats(pitch);

        AcrossRows() {
            super(1, roundUp(tileRows(), primitives.lanes()), columns * roundUp(tileRows(), primitives.lanes()));
        }

        @Override
        void load(long firstRow, int n) {
            tiles.loadTransposed(job.predictions(), firstRow, n, x, pitch);
            for (int k = 0; k < columns && bias != null; k++) {
                float b = bias[k];
                for (int i = k * pitch; i < (k + 1) * pitch; i++) {
                    x[i] += b;
                }
            }
            scale(x, columns * pitch);
        }

        @Override
        boolean exponentials(int n) {
            return primitives.boundedExponentialsAcross(x, columns, pitch, partial, sums);
        }

        @Override
        void sum(int n) {
            for (int r = 0; r < n; r++) {
                others[r] = (float) sums[r];
            }
        }

        @Override
        void maxima(int n) {
            primitives.maxAcross(x, columns, pitch, max);
            System.arraycopy(max, 0, shift, 0, n);
        }

        @Override
        float[] scaled(int n) {
            primitives.scaleAcross(x, columns, pitch, factors);
            return x;
        }

        @Override
        void store(float[] from, Rows to, long firstRow, int n) {
            tiles.storeTransposed(from, to, pitch, firstRow, n);
        }
    }
}
