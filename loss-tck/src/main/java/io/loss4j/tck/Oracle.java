package io.loss4j.tck;

import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.loss.Activation;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeighedRowLoss;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a loss function must answer, in plain double loops that follow the contract rule by rule. Shares nothing with the
 * lowering or any backend but the scalar formula of the loss.
 */
final class Oracle {
    /**
     * The answer for one batch.
     *
     * @param value the reduced loss
     * @param gradient of the reduced loss, rows x columns
     * @param terms weighted and unreduced; per element for elementwise losses, else per row
     * @param scale what terms were multiplied by
     * @param magnitude sum of the absolute terms times the scale: rounding errors of the value grow with it
     * @param strength the largest factor between a derivative and the gradient, which rounding errors of probabilities
     *     are multiplied by
     */
    record Answer(double value, double[] gradient, double[] terms, double scale, double magnitude, double strength) {}

    private final LossFunction function;
    private final LossSpec spec;
    private final Batch batch;
    private final int columns;
    private final double[] classWeights;
    private final double[] gradient;
    private final double[] terms;
    private double strength;

    private Oracle(LossFunction function, Batch batch) {
        this.function = function;
        this.batch = batch;
        this.columns = batch.columns;
        this.spec = function.spec();
        this.classWeights = new double[columns];
        Arrays.fill(classWeights, 1);
        if (!function.classWeights().isNone()) {
            System.arraycopy(function.classWeights().toArray(), 0, classWeights, 0, columns);
        }
        this.gradient = new double[batch.rows * columns];
        boolean perElement = spec instanceof ElementwiseLoss;
        this.terms = new double[spec instanceof BatchLoss ? 1 : perElement ? gradient.length : batch.rows];
    }

    static Answer answer(LossFunction function, Batch batch) {
        List<Scaled> parts = LossExample.parts(function.spec(), batch.columns);
        Answer sum = ofPart(function, batch, parts.get(0));
        for (Scaled part : parts.subList(1, parts.size())) {
            Answer next = ofPart(function, batch, part);
            sum = new Answer(
                    sum.value + next.value,
                    sum(sum.gradient, next.gradient),
                    sum.terms.length == next.terms.length ? sum(sum.terms, next.terms) : new double[0],
                    sum.scale,
                    sum.magnitude + next.magnitude,
                    sum.strength + next.strength);
        }
        return sum;
    }

    private static double[] sum(double[] first, double[] second) {
        double[] sum = new double[first.length];
        Arrays.setAll(sum, i -> first[i] + second[i]);
        return sum;
    }

    /** The answer for one loss of a sum, times its factor. */
    private static Answer ofPart(LossFunction function, Batch batch, Scaled part) {
        LossFunction alone = function.withSpec(part.loss());
        Oracle oracle = new Oracle(alone, batch);
        if (batch.rows > 0) {
            oracle.evaluate();
        }
        double factor = part.factor();
        double scale = batch.rows == 0 ? 0 : 1 / denominator(alone, batch);
        scale = Double.isInfinite(scale) ? 0 : scale;
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < oracle.terms.length; i++) {
            oracle.terms[i] *= factor;
            sum += oracle.terms[i];
            magnitude += Math.abs(oracle.terms[i]);
        }
        for (int i = 0; i < oracle.gradient.length; i++) {
            // 0 * infinity: nothing counted, nothing learned (R4.2)
            oracle.gradient[i] = scale == 0 ? 0 : oracle.gradient[i] * factor * scale;
        }
        return new Answer(
                scale == 0 ? 0 : sum * scale,
                oracle.gradient,
                oracle.terms,
                scale,
                magnitude * scale,
                oracle.strength * factor * scale);
    }

    private void evaluate() {
        if (spec instanceof BatchLoss loss) {
            wholeBatch(loss);
            return;
        }
        for (int row = 0; row < batch.rows; row++) {
            if (spec instanceof ElementwiseLoss loss) {
                elements(loss, row);
            } else if (!isRowOut(row)) {
                if (spec instanceof SoftmaxLoss loss) {
                    softmax(loss, row);
                } else {
                    row((RowLoss) spec, row);
                }
            }
        }
    }

    private double mask(int row, int column) {
        return maskOf(batch, row, column);
    }

    static double maskOf(Batch batch, int row, int column) {
        double[] mask = batch.mask;
        return mask == null ? 1 : mask[batch.maskColumns == 1 ? row : row * batch.columns + column];
    }

    private boolean isRowOut(int row) {
        return isRowOut(function, batch, row);
    }

    /** R3.2: masked altogether, or of an ignored class index. */
    static boolean isRowOut(LossFunction function, Batch batch, int row) {
        boolean masked = true;
        for (int k = 0; k < batch.columns; k++) {
            masked &= maskOf(batch, row, k) == 0;
        }
        return masked || batch.index && isIgnored(function, batch.labels[row]);
    }

    static boolean isIgnored(LossFunction function, double label) {
        return function.ignoreIndex().isPresent()
                && label == function.ignoreIndex().getAsLong();
    }

    private void elements(ElementwiseLoss loss, int row) {
        double s = function.labelSmoothing();
        for (int k = 0; k < columns; k++) {
            int at = row * columns + k;
            double y = batch.labels[at];
            double weight = mask(row, k) * classWeights[k];
            if (weight == 0 || isIgnored(function, y)) {
                continue;
            }
            double x = batch.predictions[at];
            if (loss instanceof BinaryLoss binary) {
                PerColumn positive = function.positiveWeights();
                double p = positive == null ? 1 : positive.at(k);
                double smooth = y * (1 - s) + s / 2;
                BinaryLoss formula = binary.forColumn(k);
                terms[at] = weight * formula.value(x, smooth, p);
                gradient[at] = weight * formula.derivative(x, smooth, p);
            } else {
                ElementwiseLoss formula = loss.forColumn(k);
                terms[at] = weight * formula.value(x, y);
                gradient[at] = weight * formula.derivative(x, y);
            }
            strength = Math.max(strength, weight);
        }
    }

    /** t as it was given. */
    private double[] target(int row) {
        double[] t = new double[columns];
        if (batch.index) {
            t[(int) batch.labels[row]] = 1;
        } else {
            System.arraycopy(batch.labels, row * columns, t, 0, columns);
        }
        return t;
    }

    /** R3.6 first, then R3.1 and masks of elements. */
    private double[] effective(double[] target, int row) {
        double s = function.labelSmoothing();
        double sum = 0;
        for (double t : target) {
            sum += t;
        }
        double[] effective = new double[columns];
        for (int k = 0; k < columns; k++) {
            double smooth = s == 0 ? target[k] : (1 - s) * target[k] + s * sum / columns;
            effective[k] = smooth * classWeights[k] * (batch.maskColumns == 1 ? 1 : mask(row, k));
        }
        return effective;
    }

    private void softmax(SoftmaxLoss loss, int row) {
        int from = row * columns;
        double[] given = target(row);
        double[] t = effective(given, row);
        double rowMask = batch.maskColumns == 1 ? mask(row, 0) : 1;
        double[] l = new double[columns];
        double logSum = 0;
        LogitTransform transform = transform(function);
        if (loss.input() == InputForm.LOGITS) {
            change(transform, given, row, l);
            logSum = logSoftmax(l);
        } else {
            for (int k = 0; k < columns; k++) {
                double x = batch.predictions[from + k];
                l[k] = loss.input() == InputForm.PROBABILITIES ? Math.log(x) : x;
            }
        }
        double term = 0;
        double pull = 0;
        double[] slope = new double[columns];
        for (int k = 0; k < columns; k++) {
            if (t[k] != 0) { // 0 log 0 = 0
                term += t[k] * loss.forColumn(k).value(l[k]);
                slope[k] = t[k] * loss.forColumn(k).derivative(l[k]);
                pull += slope[k];
            }
        }
        strength = Math.max(strength, rowMask * transform.scale() * Math.abs(pull));
        for (int j = 0; j < columns; j++) {
            gradient[from + j] = rowMask
                    * switch (loss.input()) {
                        case LOGITS -> transform.scale() * (slope[j] - Math.exp(l[j]) * pull);
                        case PROBABILITIES -> slope[j] == 0 ? 0 : slope[j] / batch.predictions[from + j];
                        case LOG_PROBABILITIES -> slope[j];
                    };
        }
        terms[row] = rowMask * term;
        zLoss(row, transform.scale(), logSum, l);
    }

    /** Keeps the logarithm of the partition function near 0: z-loss, whose weight is the mean mask of the row. */
    private void zLoss(int row, double scale, double logSum, double[] l) {
        if (function.zLoss() == 0) {
            return;
        }
        double weight = 0;
        for (int k = 0; k < columns; k++) {
            weight += function.zLoss() * mask(row, k) / columns;
        }
        terms[row] += weight * logSum * logSum;
        for (int j = 0; j < columns; j++) {
            gradient[row * columns + j] += scale * weight * 2 * logSum * Math.exp(l[j]);
        }
    }

    /** What is done to the logits of a softmax: first by the function, then by the loss. */
    static LogitTransform transform(LossFunction function) {
        LossSpec shape = LossExample.shape(function.spec());
        return shape instanceof SoftmaxLoss loss ? function.logits().then(loss.logits()) : function.logits();
    }

    /** A row of predictions as a row loss sees it. */
    static double[] changedLogits(LossFunction function, Batch batch, int row) {
        Oracle oracle = new Oracle(function, batch);
        double[] changed = new double[batch.columns];
        boolean softmax = LossExample.isOverSoftmaxLogits(function.spec());
        double[] given = softmax && !oracle.isRowOut(row) ? oracle.target(row) : new double[batch.columns];
        oracle.change(transform(function), given, row, changed);
        return changed;
    }

    /** scale (z + bias - margin t). */
    private void change(LogitTransform transform, double[] given, int row, double[] changed) {
        double[] bias = transform.bias();
        double[] margin = transform.margin();
        for (int k = 0; k < columns; k++) {
            double z = batch.predictions[row * columns + k];
            z += bias == null ? 0 : bias[k];
            z -= margin == null ? 0 : margin[k] * given[k];
            changed[k] = transform.scale() * z;
        }
    }

    /** Turns logits into log-probabilities by log-sum-exp, which is returned. */
    private static double logSoftmax(double[] l) {
        double max = Double.NEGATIVE_INFINITY;
        for (double z : l) {
            max = Math.max(max, z);
        }
        double sum = 0;
        for (double z : l) {
            sum += Math.exp(z - max);
        }
        for (int k = 0; k < l.length; k++) {
            // in this order: max + log(sum) would lose the logarithm beside a large maximum
            l[k] = l[k] - max - Math.log(sum);
        }
        return max + Math.log(sum);
    }

    private void row(RowLoss loss, int row) {
        double[] x = changedLogits(function, batch, row);
        double[] ofRow = new double[columns];
        double rowMask = batch.maskColumns == 1 ? mask(row, 0) : 1;
        double[] t = batch.labelColumns == columns
                ? effective(target(row), row)
                : Arrays.copyOfRange(batch.labels, row * batch.labelColumns, (row + 1) * batch.labelColumns);
        if (loss instanceof WeighedRowLoss weighed) {
            double[] y = new double[columns];
            double[] weights = new double[columns];
            weigh(row, y, weights);
            Arrays.setAll(weights, k -> weights[k] * classWeights[k] * (batch.maskColumns == 1 ? 1 : mask(row, k)));
            terms[row] = rowMask * weighed.evaluate(x, y, weights, ofRow);
        } else {
            terms[row] = rowMask * loss.evaluate(x, t, ofRow);
        }
        double scale = function.logits().scale();
        for (int k = 0; k < columns; k++) {
            gradient[row * columns + k] = rowMask * scale * ofRow[k];
        }
        for (double each : t) {
            strength = Math.max(strength, rowMask * scale * Math.abs(each));
        }
        if (function.zLoss() != 0) {
            double logSum = logSoftmax(x);
            zLoss(row, scale, logSum, x);
        }
    }

    private void wholeBatch(BatchLoss loss) {
        double[] x = new double[gradient.length];
        double[] y = new double[gradient.length];
        double[] masks = new double[gradient.length];
        // a softmax over logits needs all of them, unless the row is out
        boolean keepsLogits = loss.input() == InputForm.LOGITS && loss.activation() == Activation.SOFTMAX;
        for (int row = 0; row < batch.rows; row++) {
            if (isRowOut(row)) {
                continue; // zeros, whatever its predictions are
            }
            double[] ofRow = new double[columns];
            double[] counted = new double[columns];
            weigh(row, ofRow, counted);
            for (int k = 0; k < columns; k++) {
                int at = row * columns + k;
                masks[at] = counted[k] * mask(row, k);
                y[at] = masks[at] == 0 ? 0 : ofRow[k];
                x[at] = masks[at] == 0 && !keepsLogits ? 0 : batch.predictions[at];
                strength = Math.max(strength, masks[at] * classWeights[k]);
            }
        }
        if (strength > 0) {
            terms[0] = loss.evaluate(batch.rows, columns, x, y, masks, classWeights, gradient);
        }
    }

    /** Smoothed labels of a row, and 0 for the elements that are ignored, else 1. */
    private void weigh(int row, double[] labels, double[] counted) {
        double s = function.labelSmoothing();
        double[] given = target(row);
        double sum = Arrays.stream(given).sum();
        boolean byElement = LossExample.hasIndependentLabels(function.spec(), columns);
        for (int k = 0; k < columns; k++) {
            labels[k] = (1 - s) * given[k] + (byElement ? s / 2 : s * sum / columns);
            counted[k] = byElement && !batch.index && isIgnored(function, given[k]) ? 0 : 1;
        }
    }

    /** R4: what the sum is divided by. */
    static double denominator(LossFunction function, Batch batch) {
        Reduction reduction = function.reduction();
        return switch (reduction) {
            case NONE, SUM -> 1;
            case BATCH_MEAN -> batch.rows;
            case MEAN -> counted(function, batch, false);
            case WEIGHTED_MEAN -> counted(function, batch, true);
        };
    }

    private static double counted(LossFunction function, Batch batch, boolean weighted) {
        LossSpec spec = LossExample.shape(function.spec());
        if (spec instanceof BatchLoss) {
            return 1;
        }
        double sum = 0;
        for (int row = 0; row < batch.rows; row++) {
            if (spec instanceof ElementwiseLoss) {
                for (int k = 0; k < batch.columns; k++) {
                    double m = maskOf(batch, row, k);
                    boolean ignored = isIgnored(function, batch.labels[row * batch.columns + k]);
                    if (m != 0 && !ignored) {
                        sum += weighted ? m * weight(function, k) : 1;
                    }
                }
            } else if (!isRowOut(function, batch, row)) {
                sum += weighted ? rowWeight(function, batch, row) : 1;
            }
        }
        return sum;
    }

    /** R4.1. */
    private static double rowWeight(LossFunction function, Batch batch, int row) {
        if (!LossExample.takesClasses(function.spec())) {
            return maskOf(batch, row, 0);
        }
        if (LossExample.weighsElements(function.spec())) {
            return IntStream.range(0, batch.columns)
                    .mapToDouble(k -> maskOf(batch, row, k))
                    .max()
                    .orElse(0);
        }
        if (batch.index) {
            int y = (int) batch.labels[row];
            return maskOf(batch, row, y) * weight(function, y);
        }
        double sum = 0;
        for (int k = 0; k < batch.columns; k++) {
            sum += batch.labels[row * batch.columns + k] * maskOf(batch, row, k) * weight(function, k);
        }
        return sum;
    }

    static double weight(LossFunction function, int column) {
        return function.classWeights().isNone() ? 1 : function.classWeights().toArray()[column];
    }
}
