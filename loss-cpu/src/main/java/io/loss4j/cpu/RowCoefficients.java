package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the sums of exponentials make of rows with one target each: terms, and the coefficients of the gradient. With e the
 * exponential of the target, -log p = log(1 + others / e) and 1 - p = others / (e + others), where nothing cancels.
 *
 * <p>Most losses are finished together, on vectors; others one by one by their scalar formula. A row gives the same bits
 * whichever rows stand beside it. Belongs to one worker.
 */
final class RowCoefficients {
    private final LossJob job;
    private final Primitives primitives;
    private final boolean crossEntropy;
    /** The formula of a loss other than cross-entropy, if it goes together. */
    private final @Nullable TargetFunction function;

    private final boolean together;
    private final SoftmaxLoss[] formulas;
    private final boolean wantsTerms;
    private final float logitScale;
    /** By row: the target, or below 0 without a single one. */
    private final int[] hot;
    /** By row: the weight of the target; null if all are 1. */
    private final double @Nullable [] weights;
    /** By row: the mask. */
    private final double[] rowWeight;

    private final int vectorRows;
    /** By row: what was taken off all logits. */
    final float[] shift;
    /** By row: the logit of the target; {@link Primitives#GONE} without one. */
    final float[] targetLogit;

    final float[] targetExponential;
    /** By row: the sum of the exponentials of all classes but the target. */
    final float[] others;
    /** By row: the sum of the exponentials of all classes. */
    final float[] totals;
    /** By row: the sum of the others by the exponential of the target. */
    private final float[] ratios;
    /** By row: minus the log-probability of the target. */
    private final float[] minusLog;

    private final float[] weight;
    private final float[] ones;
    private final float[] p;
    private final float[] q;
    private final float[] values;
    private final float[] slopes;
    /** By row: the gradient of an ordinary class by its exponential. */
    final float[] factors;
    /** By row: the gradient of the target. */
    final float[] targetGradients;

    final double[] terms;
    private boolean anyDeep;

    /**
     * @param weights by row: the weight of the target, read at every tile; null if all are 1
     * @param rowWeight by row: the mask
     */
    RowCoefficients(
            LossJob job, Primitives primitives, int rows, int[] hot, double @Nullable [] weights, double[] rowWeight) {
        this.job = job;
        this.primitives = primitives;
        this.hot = hot;
        this.weights = weights;
        this.rowWeight = rowWeight;
        SoftmaxLoss loss = (SoftmaxLoss) job.spec();
        crossEntropy = isCrossEntropy(loss);
        function = crossEntropy ? null : TargetFunction.of(loss, primitives);
        together = areTogether(job, primitives);
        formulas = new SoftmaxLoss[loss.columns() == 0 ? 1 : loss.columns()];
        for (int k = 0; k < formulas.length; k++) {
            formulas[k] = loss.columns() == 0 ? loss : loss.forColumn(k);
        }
        Outputs outputs = job.outputs();
        wantsTerms = outputs.value() || outputs.terms() != null || outputs.classes() != null;
        logitScale = (float) job.logits().scale();
        int lanes = primitives.lanes();
        vectorRows = (rows + lanes - 1) / lanes * lanes;
        Scratch scratch = Scratch.ofThisThread();
        shift = scratch.floats(vectorRows);
        targetLogit = scratch.floats(vectorRows);
        targetExponential = scratch.floats(vectorRows);
        others = scratch.floats(vectorRows);
        totals = scratch.floats(vectorRows);
        ratios = scratch.floats(vectorRows);
        minusLog = scratch.floats(vectorRows);
        weight = scratch.floats(vectorRows);
        ones = scratch.floats(function == null ? 0 : vectorRows);
        p = scratch.floats(ones.length);
        q = scratch.floats(ones.length);
        values = scratch.floats(ones.length);
        slopes = scratch.floats(ones.length);
        factors = scratch.floats(vectorRows);
        targetGradients = scratch.floats(vectorRows);
        terms = scratch.doubles(rows);
        Arrays.fill(targetLogit, Primitives.GONE);
        Arrays.fill(targetExponential, 1);
        Arrays.fill(weight, 1);
        Arrays.fill(ones, 1);
    }

    /** Whether value(l) = -l. */
    static boolean isCrossEntropy(SoftmaxLoss loss) {
        return loss instanceof SoftmaxCrossEntropy || loss instanceof LogitAdjustedCrossEntropy || loss instanceof Ldam;
    }

    /** Whether rows are finished together. */
    static boolean areTogether(LossJob job, Primitives primitives) {
        SoftmaxLoss loss = (SoftmaxLoss) job.spec();
        return job.zLoss() == 0 && (isCrossEntropy(loss) || TargetFunction.of(loss, primitives) != null);
    }

    /** The scalar formula for labels on a class. */
    SoftmaxLoss formula(int column) {
        return formulas[formulas.length == 1 ? 0 : column];
    }

    /** Makes nothing of a row that is not to be finished as one with a single target. */
    void leaveOut(int r) {
        others[r] = 0;
        targetExponential[r] = 1;
    }

    /** Takes the exponentials of all targets; false if a logit was too large. */
    boolean takeTargetExponentials() {
        return primitives.boundedExponentials(targetLogit, targetExponential, vectorRows);
    }

    /** Whether {@link #isValid} holds for the first n rows. */
    boolean areValid(int n) {
        leaveOutFrom(n);
        for (int r = 0; r < vectorRows; r++) {
            totals[r] = others[r] + targetExponential[r];
        }
        for (int r = 0; r < vectorRows; r++) {
            ratios[r] = others[r] / targetExponential[r];
        }
        anyDeep = !areWithin(ratios, 0, Primitives.MOST_RATIO, vectorRows);
        boolean valid = areWithin(totals, Primitives.LEAST_TOTAL, Float.MAX_VALUE, vectorRows);
        for (int r = 0; r < n && valid && anyDeep; r++) {
            valid = isValid(r, 0, totals[r]);
        }
        return valid;
    }

    private void leaveOutFrom(int n) {
        for (int r = n; r < vectorRows; r++) {
            leaveOut(r);
        }
    }

    /** The primitive of this kind was inlined here, and in one process of six C2 then boxed its vectors for good. */
    private static boolean areWithin(float[] x, float low, float high, int n) {
        for (int i = 0; i < n; i++) {
            if (!(x[i] >= low && x[i] <= high)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the target is so improbable that its exponential does not tell its logarithm. */
    private boolean isDeep(int r) {
        return !(ratios[r] <= Primitives.MOST_RATIO);
    }

    /**
     * Whether exponentials will do as they are: there are none too large, and not all too small. {@link #areValid} comes
     * first.
     */
    boolean isValid(int r, float max, float total) {
        return max <= Primitives.HIGHEST
                && total >= Primitives.LEAST_TOTAL
                && (!isDeep(r) || targetLogit[r] > SoftmaxKernel.FAR_BELOW);
    }

    /** Sets {@link #factors}, {@link #targetGradients} and {@link #terms} of n rows; {@link #areValid} comes first. */
    void finish(int n) {
        if (together) {
            finishTogether(n);
        } else {
            primitives.logOnePlus(ratios, minusLog, vectorRows);
            loadWeights(n);
        }
        for (int r = 0; r < n; r++) {
            if (anyDeep && isDeep(r)) {
                minusLog[r] = (float) (Math.log(others[r]) - targetLogit[r]);
                if (together && crossEntropy) {
                    terms[r] = weight[r] * minusLog[r]; // all else holds
                } else {
                    finishByFormula(r);
                }
            } else if (!together) {
                finishByFormula(r);
            }
        }
    }

    private void loadWeights(int n) {
        for (int r = 0; r < n && weights != null; r++) {
            weight[r] = hot[r] >= 0 ? (float) weights[r] : 0;
        }
    }

    /** {@link #finish} on vectors; false if that is not right for some rows, and then only the others hold. */
    boolean finishTogether(int n) {
        leaveOutFrom(n);
        loadWeights(n);
        float scale = (float) (job.scale() * logitScale);
        boolean ce = function == null;
        boolean valid = primitives.crossEntropyOfRows(
                others,
                targetExponential,
                ce ? weight : ones,
                ce ? scale : 1,
                minusLog,
                factors,
                targetGradients,
                vectorRows);
        float[] found = function == null ? minusLog : apply(function, scale);
        for (int r = 0; r < n && wantsTerms; r++) {
            terms[r] = found[r];
        }
        return valid;
    }

    /** Makes those of the loss from the coefficients of cross-entropy; returns its values. */
    private float[] apply(TargetFunction function, float scale) {
        for (int r = 0; r < vectorRows; r++) {
            p[r] = targetExponential[r] * factors[r];
        }
        for (int r = 0; r < vectorRows; r++) {
            q[r] = -targetGradients[r];
        }
        function.apply(p, q, minusLog, values, slopes, vectorRows);
        for (int r = 0; r < vectorRows; r++) {
            slopes[r] *= scale * weight[r];
        }
        for (int r = 0; r < vectorRows; r++) {
            factors[r] *= -slopes[r];
        }
        for (int r = 0; r < vectorRows; r++) {
            targetGradients[r] = -factors[r] * others[r]; // of two classes the opposite of the other's
        }
        for (int r = 0; r < vectorRows; r++) {
            values[r] *= weight[r];
        }
        return values;
    }

    private void finishByFormula(int r) {
        if (hot[r] < 0) {
            factors[r] = 0;
            terms[r] = 0;
            return;
        }
        SoftmaxLoss formula = formula(hot[r]);
        double total = (double) others[r] + targetExponential[r];
        double l = -minusLog[r];
        double slope = weight[r] == 0 ? 0 : crossEntropy ? -weight[r] : weight[r] * formula.derivative(l);
        float distance = targetLogit[r] + shift[r];
        double drift = drift(r, distance, -l);
        double scale = job.scale() * logitScale;
        factors[r] = (float) (scale * (drift - slope) / total);
        targetGradients[r] = (float) (scale * (slope * others[r] + drift * targetExponential[r]) / total);
        if (wantsTerms) {
            double value = weight[r] == 0 ? 0 : weight[r] * (crossEntropy ? -l : formula.value(l));
            terms[r] = value + zTerm(r, distance, -l);
        }
    }

    /** The derivative of {@link #zTerm} by the logarithm of the partition function, max + logTotal. */
    double drift(int r, float max, double logTotal) {
        return job.zLoss() == 0 ? 0 : 2 * job.zLoss() * rowWeight[r] * (max + logTotal);
    }

    double zTerm(int r, float max, double logTotal) {
        double partition = max + logTotal;
        return job.zLoss() == 0 ? 0 : job.zLoss() * rowWeight[r] * partition * partition;
    }
}
