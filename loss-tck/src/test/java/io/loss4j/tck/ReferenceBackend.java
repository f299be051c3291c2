package io.loss4j.tck;

import io.loss4j.backend.Availability;
import io.loss4j.backend.LossBackend;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Offer;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.Activation;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeighedRowLoss;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** A small, slow and correct backend, and a switch that makes it wrong in one way. */
public final class ReferenceBackend implements LossBackend {
    static volatile Fault fault = Fault.NONE;

    private static final AtomicInteger INSIDE = new AtomicInteger();
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static volatile boolean stuck;

    /** For the service loader. */
    public ReferenceBackend() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Availability availability() {
        return new Availability.Available("plain loops");
    }

    @Override
    public Offer offer(LossJob job) {
        return fault == Fault.DECLINES_EVERYTHING
                ? new Offer.Decline("L4J-B99", "it has no wish to", "ask another one")
                : new Offer.Accept(1);
    }

    @Override
    public boolean totalsByClass() {
        return true;
    }

    @Override
    public double compute(LossJob job) {
        if (fault == Fault.STAYS_BROKEN && stuck) {
            stuck = false;
            throw new IllegalStateException("still broken");
        }
        boolean alone = INSIDE.incrementAndGet() == 1;
        try {
            if (fault == Fault.IS_NOT_REENTRANT) {
                pause();
            }
            return new Work(job, alone && INSIDE.get() == 1).run();
        } catch (LossInputException e) {
            stuck = fault == Fault.STAYS_BROKEN
                    && job.predictions().rows() > 3000
                    && String.valueOf(e.getMessage()).contains("-99");
            throw e;
        } finally {
            INSIDE.decrementAndGet();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Work {
        private final LossJob job;
        private final boolean alone;
        private final int rows;
        private final int columns;
        private final double[] x;
        private final double[] y;
        private final double @Nullable [] mask;
        private final int maskColumns;
        private final double[] classWeights;
        private final double[] gradient;
        private final double[] terms;

        Work(LossJob job, boolean alone) {
            this.job = job;
            this.alone = alone;
            Rows predictions = job.predictions();
            rows = (int) predictions.rows();
            columns = predictions.columns();
            x = load(predictions);
            y = load(job.labels().rows());
            Rows maskRows = job.weights().mask();
            mask = maskRows == null || fault == Fault.IGNORES_MASK ? null : load(maskRows);
            maskColumns = maskRows == null ? 1 : maskRows.columns();
            double[] weights = job.weights().columns();
            classWeights = new double[columns];
            Arrays.setAll(classWeights, k -> weights == null ? 1 : weights[k]);
            if (fault == Fault.SWAPS_CLASS_WEIGHTS && columns > 1) {
                double first = classWeights[0];
                classWeights[0] = classWeights[columns - 1];
                classWeights[columns - 1] = first;
            }
            gradient = new double[rows * columns];
            terms = new double[job.spec() instanceof ElementwiseLoss ? gradient.length : rows];
        }

        private static double[] load(Rows rows) {
            int n = (int) rows.rows();
            int columns = rows.columns();
            double[] values = new double[n * columns];
            rows.load(0, n, 0, columns, values, 0);
            boolean strided = columns > 1 && rows.columnStride() == 1 && rows.rowStride() > columns;
            if (fault == Fault.SHIFTS_VIEWS && strided && n > 2) {
                values[0] = values[columns];
            }
            if (fault == Fault.MISREADS_F_ORDER && rows.isColumnMajor() && n > 20) {
                Arrays.setAll(values, i -> i < 2 ? values[1 - i] : values[i]);
            }
            if (fault == Fault.CANNOT_READ_BOOL && rows.type() == DataType.BOOL) {
                Arrays.fill(values, 1);
            }
            return values;
        }

        double run() {
            double sum = 0;
            if (job.spec() instanceof BatchLoss loss) {
                sum = batch(loss);
            } else {
                int last = fault == Fault.LOSES_LAST_ROW && rows % 16 == 1 && rows > 1 ? rows - 1 : rows;
                for (int row = 0; row < last; row++) {
                    if (job.spec() instanceof ElementwiseLoss loss) {
                        elements(loss, row);
                    } else if (!isOut(row)) {
                        if (job.spec() instanceof SoftmaxLoss loss) {
                            softmax(loss, row);
                        } else {
                            row((RowLoss) job.spec(), row);
                        }
                    }
                }
                spoil();
                sum = sum();
                if (job.outputs().classes() != null) {
                    new ReferenceTotals(job, terms, x, y).addTo(job.outputs().classes());
                }
            }
            store();
            return job.outputs().value() ? value(sum) : 0;
        }

        private double sum() {
            double sum = 0;
            float inFloat = 0;
            for (double term : terms) {
                sum += term;
                inFloat += (float) term;
            }
            return fault == Fault.ACCUMULATES_IN_FLOAT && rows == 4999 ? inFloat : sum;
        }

        private double value(double sum) {
            double value = job.scale() == 0 ? 0 : sum * job.scale();
            if (fault == Fault.VALUE_ALONE_IS_LESS_EXACT && job.outputs().gradient() == null) {
                value += Math.ulp(value);
            }
            if (fault == Fault.DEPENDS_ON_THREADS && rows == 4999) {
                value += CALLS.incrementAndGet() % 2 * Math.ulp(value);
            }
            if (fault == Fault.IS_NOT_REENTRANT && !alone) {
                value += Math.ulp(value);
            }
            return value;
        }

        /** Faults of results. */
        private void spoil() {
            if (fault == Fault.SPREADS_NAN) {
                for (int i = 0; i + columns < gradient.length; i++) {
                    boolean bad = Double.isNaN(terms[(int) ((long) i * terms.length / gradient.length)]);
                    gradient[i + columns] = bad ? Double.NaN : gradient[i + columns];
                }
            }
            if (fault == Fault.CLIPS_GRADIENT) {
                Arrays.setAll(gradient, i -> Math.abs(x[i]) > 25 ? 0 : gradient[i]);
            }
            boolean half = job.predictions().type() != DataType.DOUBLE;
            if (fault == Fault.COMPUTES_IN_HALF && half && rows > 20) {
                // 11 bits at the places of the sixth digit
                Arrays.setAll(terms, i -> terms[i] * (1 + (i % 2) * 0x1p-11));
            }
        }

        private void store() {
            Rows to = job.outputs().gradient();
            if (to != null) {
                double scale = fault == Fault.DOES_NOT_SCALE_GRADIENT ? 1 : job.scale();
                double[] scaled = Arrays.stream(gradient)
                        .map(g -> g == 0 || scale == 0 ? 0 : g * scale)
                        .toArray();
                to.store(scaled, 0, 0, rows, 0, columns);
                if (fault == Fault.RETURNS_A_SHARED_GRADIENT
                        && rows < 10
                        && !to.array().isAttached()) {
                    last(job, scaled);
                }
            }
            Rows termRows = job.outputs().terms();
            if (termRows != null) {
                double scale = fault == Fault.SCALES_TERMS ? job.scale() : 1;
                double[] scaled = Arrays.stream(terms).map(t -> t * scale).toArray();
                if (termRows.columns() == 1 && terms.length != rows) {
                    double[] sums = new double[rows];
                    for (int i = 0; i < scaled.length; i++) {
                        sums[i / columns] += scaled[i];
                    }
                    scaled = sums;
                }
                termRows.store(scaled, 0, 0, rows, 0, scaled.length / rows);
            }
            if (fault == Fault.WRITES_PREDICTIONS) {
                x[0] = Math.nextUp((float) x[0]) + 1e-3;
                job.predictions().store(x, 0, 0, rows, 0, columns);
            }
        }

        private static @Nullable Rows lastGradient;
        private static double[] lastContent = new double[0];

        /** Writes into what an earlier call returned. */
        private static synchronized void last(LossJob job, double[] content) {
            if (lastGradient != null && lastContent.length == content.length) {
                lastGradient.store(new double[] {lastContent[0] + 1}, 0, 0, 1, 0, 1);
            }
            lastGradient = job.outputs().gradient();
            lastContent = content;
        }

        private double mask(int row, int column) {
            if (mask == null) {
                return 1;
            }
            if (fault == Fault.USES_FIRST_COLUMN_OF_MASK) {
                column = 0;
            }
            return mask[maskColumns == 1 ? row : row * columns + column];
        }

        private boolean isOut(int row) {
            if (isIgnored(y[row]) && job.labels().index()) {
                return true;
            }
            boolean masked = true;
            for (int k = 0; k < columns; k++) {
                masked &= mask(row, k) == 0;
            }
            return masked && fault != Fault.TRAINS_MASKED_ROWS;
        }

        private boolean isIgnored(double label) {
            return job.labels().ignored().isPresent()
                    && label == job.labels().ignored().getAsLong()
                    && !(fault == Fault.TRAINS_IGNORED_LABELS && label >= 0);
        }

        private void elements(ElementwiseLoss loss, int row) {
            double s = job.labels().smoothing();
            for (int k = 0; k < columns; k++) {
                int at = row * columns + k;
                double m = mask(row, k);
                boolean masked = m == 0 && fault != Fault.TRAINS_MASKED_ROWS;
                double weight = m * classWeights[k];
                if (masked || isIgnored(y[at])) {
                    continue;
                }
                if (loss instanceof BinaryLoss binary) {
                    double[] positive = job.weights().positive();
                    double p = positive == null ? 1 : positive[k];
                    double smooth = y[at] * (1 - s) + s / 2;
                    if (fault == Fault.SMOOTHS_AFTER_WEIGHTS && s != 0) {
                        smooth = y[at] * (1 - s) + s;
                    }
                    if (fault == Fault.WEIGHS_BOTH_TERMS) {
                        weight *= p;
                        p = 1;
                    }
                    BinaryLoss formula = binary.forColumn(k);
                    terms[at] = weight * formula.value(x[at], smooth, p);
                    gradient[at] = weight * formula.derivative(x[at], smooth, p);
                } else {
                    ElementwiseLoss formula = loss.forColumn(k);
                    terms[at] = weight * formula.value(x[at], y[at]);
                    gradient[at] = weight * formula.derivative(x[at], y[at]);
                }
                if (fault == Fault.OVERFLOWS && Math.abs(x[at]) > 700 && !Double.isInfinite(x[at])) {
                    terms[at] = Double.NaN;
                }
                if (fault == Fault.ZERO_TIMES_INFINITY && Double.isInfinite(x[at])) {
                    terms[at] = Double.NaN;
                }
            }
        }

        private double[] target(int row) {
            double[] t = new double[columns];
            if (!job.labels().index()) {
                System.arraycopy(y, row * columns, t, 0, columns);
                double sum = Arrays.stream(t).sum();
                if (fault == Fault.NORMALISES_LABELS && job.spec() instanceof SoftmaxLoss && sum > 1.0001) {
                    Arrays.setAll(t, k -> t[k] / sum);
                }
                return t;
            }
            double label = y[row];
            if (label != Math.rint(label)) {
                long[] ignored = new long[1];
                job.labels().rows().loadIndices(job.spec().id(), row, 1, ignored);
            }
            if (fault == Fault.CLAMPS_LABELS) {
                label = Math.min(Math.max(label, 0), columns - 1);
            }
            if (label < 0 || label >= columns) {
                throw job.labelOutOfRange(row, (long) label);
            }
            t[(int) label] = 1;
            return t;
        }

        private double[] effective(double[] t, int row) {
            double s = job.labels().smoothing();
            double sum = Arrays.stream(t).sum();
            double[] effective = new double[columns];
            for (int k = 0; k < columns; k++) {
                double weight = classWeights[k] * (maskColumns == 1 ? 1 : mask(row, k));
                double smooth = s == 0 ? t[k] : (1 - s) * t[k] + s * sum / columns;
                effective[k] = smooth * weight;
            }
            if (fault == Fault.SMOOTHS_AFTER_WEIGHTS && s != 0) {
                double weighted = 0;
                for (int k = 0; k < columns; k++) {
                    weighted += t[k] * classWeights[k];
                }
                for (int k = 0; k < columns; k++) {
                    effective[k] = (1 - s) * t[k] * classWeights[k] + s * weighted / columns;
                }
            }
            return effective;
        }

        private void softmax(SoftmaxLoss loss, int row) {
            int from = row * columns;
            double[] given = target(row);
            double[] t = effective(given, row);
            double m = maskColumns == 1 ? mask(row, 0) : 1;
            double[] l = Arrays.copyOfRange(x, from, from + columns);
            double logSum = 0;
            double scale = 1;
            if (loss.input() == InputForm.LOGITS) {
                LogitTransform transform = fault == Fault.FORGETS_CHANGE_OF_LOGITS ? loss.logits() : job.logits();
                scale = transform.scale();
                change(transform, given, l);
                logSum = normalise(l);
            } else if (loss.input() == InputForm.PROBABILITIES) {
                Arrays.setAll(l, k -> Math.log(l[k]));
            }
            double term = 0;
            double pull = 0;
            double[] slope = new double[columns];
            for (int k = 0; k < columns; k++) {
                if (t[k] != 0 || fault == Fault.ZERO_TIMES_INFINITY) {
                    term += t[k] * loss.forColumn(k).value(l[k]);
                    slope[k] = t[k] * loss.forColumn(k).derivative(l[k]);
                    pull += slope[k];
                }
            }
            double zLoss = job.zLoss() == 0 ? 0 : job.zLoss() * meanMask(row);
            for (int k = 0; k < columns; k++) {
                double p = Math.exp(l[k]);
                double g = loss.input() == InputForm.LOGITS ? scale * (slope[k] - p * pull) : slope[k];
                g = loss.input() == InputForm.PROBABILITIES ? g == 0 ? 0 : g / x[from + k] : g;
                gradient[from + k] = m * g + 2 * zLoss * logSum * p * scale;
            }
            terms[row] = m * term + zLoss * logSum * logSum;
        }

        private double meanMask(int row) {
            double sum = 0;
            for (int k = 0; k < columns; k++) {
                sum += mask(row, k);
            }
            return sum / columns;
        }

        private static void change(LogitTransform transform, double[] given, double[] z) {
            double[] bias = transform.bias();
            double[] margin = transform.margin();
            for (int k = 0; k < z.length; k++) {
                double shift = (bias == null ? 0 : bias[k]) - (margin == null ? 0 : margin[k] * given[k]);
                z[k] = transform.scale() * (z[k] + shift);
            }
        }

        private static double normalise(double[] l) {
            double max = Double.NEGATIVE_INFINITY;
            for (double z : l) {
                max = Math.max(max, z);
            }
            if (fault == Fault.OVERFLOWS) {
                max = 0;
            }
            double sum = 0;
            for (double z : l) {
                sum += Math.exp(z - max);
            }
            for (int k = 0; k < l.length; k++) {
                l[k] = l[k] - max - Math.log(sum);
            }
            return max + Math.log(sum);
        }

        private void row(RowLoss loss, int row) {
            double[] ofRow = new double[columns];
            double m = maskColumns == 1 ? mask(row, 0) : 1;
            double[] of = Arrays.copyOfRange(x, row * columns, (row + 1) * columns);
            LogitTransform transform = fault == Fault.FORGETS_CHANGE_OF_LOGITS ? LogitTransform.IDENTITY : job.logits();
            int labels = loss.labelColumns(columns);
            if (labels != columns) {
                double[] t = Arrays.copyOfRange(y, row * labels, (row + 1) * labels);
                terms[row] = m * loss.evaluate(of, t, ofRow);
            } else {
                change(transform, target(row), of);
                terms[row] = m * ofWidth(loss, row, of, ofRow);
            }
            for (int k = 0; k < columns; k++) {
                gradient[row * columns + k] = m * transform.scale() * ofRow[k];
            }
            if (job.zLoss() != 0 && fault != Fault.FORGETS_Z_LOSS_OF_ROWS) {
                double zLoss = job.zLoss() * meanMask(row);
                double logSum = normalise(of);
                terms[row] += zLoss * logSum * logSum;
                for (int k = 0; k < columns; k++) {
                    gradient[row * columns + k] += 2 * zLoss * logSum * Math.exp(of[k]) * transform.scale();
                }
            }
        }

        /** The loss of a row that has a label for each column. */
        private double ofWidth(RowLoss loss, int row, double[] of, double[] ofRow) {
            if (!(loss instanceof WeighedRowLoss weighed)) {
                return loss.evaluate(of, effective(target(row), row), ofRow);
            }
            double[] weights = new double[columns];
            double[] t = smooth(row, weights);
            for (int k = 0; k < columns; k++) {
                weights[k] *= classWeights[k] * (maskColumns == 1 ? 1 : mask(row, k));
            }
            return weighed.evaluate(of, t, weights, ofRow);
        }

        private double batch(BatchLoss loss) {
            boolean keepsLogits = loss.input() == InputForm.LOGITS && loss.activation() == Activation.SOFTMAX;
            double[] visible = new double[x.length];
            double[] smooth = new double[x.length];
            double[] masks = new double[x.length];
            for (int row = 0; row < rows; row++) {
                if (isOut(row)) {
                    continue;
                }
                double[] counted = new double[columns];
                double[] t = smooth(row, counted);
                for (int k = 0; k < columns; k++) {
                    int i = row * columns + k;
                    masks[i] = counted[k] * mask(row, k);
                    visible[i] = masks[i] != 0 || keepsLogits ? x[i] : 0;
                    smooth[i] = masks[i] == 0 ? 0 : t[k];
                }
            }
            boolean nothing = true;
            for (int i = 0; i < masks.length; i++) {
                nothing &= masks[i] * classWeights[i % columns] == 0;
            }
            return nothing ? 0 : loss.evaluate(rows, columns, visible, smooth, masks, classWeights, gradient);
        }

        /** Smoothed labels of a row of a loss that weighs elements; counted: 0 where one is ignored, else 1. */
        private double[] smooth(int row, double[] counted) {
            double s = job.labels().smoothing();
            double[] t = target(row);
            double sum = Arrays.stream(t).sum();
            boolean independent = LossExample.hasIndependentLabels(job.spec(), columns);
            for (int k = 0; k < columns; k++) {
                counted[k] = independent && !job.labels().index() && isIgnored(t[k]) ? 0 : 1;
                t[k] = (1 - s) * t[k] + (independent ? s / 2 : s * sum / columns);
            }
            return t;
        }
    }
}
