package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;

/**
 * What the sums of exponentials make of the rows of {@link SplitRows}: terms and the coefficients of the gradient, in the
 * steps of {@link SoftmaxKernel}, so with the same bits.
 */
final class RowCoefficients {
    private final LossJob job;
    private final Primitives primitives;
    private final SplitTargets targets;
    private final SoftmaxLoss loss;
    private final boolean crossEntropy;
    private final float logitScale;
    private final int rows;
    private final int vectorRows;

    /** By row: the logit of the target; {@link Primitives#GONE} without one. */
    final float[] targetLogit;

    private final float[] targetExponential;
    /** By row: the sum of the exponentials of all classes but the target. */
    private final float[] others;

    private final float[] totals;
    /** By row: the sum of the others by the exponential of the target. */
    private final float[] ratios;
    /** By row: minus the log-probability of the target. */
    private final float[] minusLog;

    /** By row: the gradient of an ordinary class by its exponential. */
    final float[] factors;
    /** By row: the gradient of the target. */
    final float[] targetGradients;

    final double[] terms;

    RowCoefficients(LossJob job, Primitives primitives, SplitTargets targets) {
        this.job = job;
        this.primitives = primitives;
        this.targets = targets;
        loss = (SoftmaxLoss) job.spec();
        crossEntropy = loss instanceof SoftmaxCrossEntropy
                || loss instanceof LogitAdjustedCrossEntropy
                || loss instanceof Ldam;
        logitScale = (float) job.logits().scale();
        rows = (int) job.predictions().rows();
        int lanes = primitives.lanes();
        vectorRows = (rows + lanes - 1) / lanes * lanes;
        targetLogit = new float[vectorRows];
        targetExponential = new float[vectorRows];
        others = new float[vectorRows];
        totals = new float[vectorRows];
        ratios = new float[vectorRows];
        minusLog = new float[vectorRows];
        factors = new float[vectorRows];
        targetGradients = new float[vectorRows];
        terms = new double[rows];
        Arrays.fill(targetLogit, Primitives.GONE);
    }

    /**
     * Takes the sums of the exponentials of all classes but the target, and {@link #targetLogit}.
     *
     * @return whether all rows are {@link #isValid} and no target is too large
     */
    boolean take(double[] sums) {
        boolean valid = primitives.boundedExponentials(targetLogit, targetExponential, vectorRows);
        for (int r = 0; r < rows; r++) {
            others[r] = (float) sums[r];
            if (targets.hot[r] < 0) {
                others[r] = 0;
                targetExponential[r] = 1;
            }
            totals[r] = others[r] + targetExponential[r];
            ratios[r] = others[r] / targetExponential[r];
            valid &= isValid(r, 0);
        }
        return valid;
    }

    /** Whether the target is so improbable that its exponential does not tell its logarithm. */
    private boolean isDeep(int r) {
        return !(ratios[r] <= SoftmaxKernel.MOST_RATIO);
    }

    /** Whether exponentials will do as they are, if this is the largest logit. */
    boolean isValid(int r, float max) {
        return max <= Primitives.HIGHEST
                && totals[r] >= SoftmaxKernel.LEAST_TOTAL
                && (!isDeep(r) || targetLogit[r] > SoftmaxKernel.FAR_BELOW);
    }

    /**
     * Sets {@link #factors}, {@link #targetGradients} and {@link #terms}.
     *
     * @param shift by row: what was taken off all logits
     */
    void finish(float[] shift) {
        primitives.logOnePlus(ratios, minusLog, vectorRows);
        boolean byFormula = !crossEntropy || job.zLoss() != 0;
        float scale = (float) (job.scale() * logitScale);
        for (int r = 0; r < rows; r++) {
            if (targets.hot[r] < 0) {
                continue; // all zeros
            }
            if (isDeep(r)) {
                minusLog[r] = (float) (Math.log(others[r]) - targetLogit[r]);
            }
            float weight = (float) targets.weight[r];
            if (byFormula) {
                finishByFormula(r, weight, targetLogit[r] + shift[r]);
            } else {
                factors[r] = scale * weight / totals[r];
                targetGradients[r] = -factors[r] * others[r];
                terms[r] = weight * minusLog[r];
            }
        }
    }

    private void finishByFormula(int r, float weight, float distance) {
        SoftmaxLoss formula = loss.columns() == 0 ? loss : loss.forColumn(targets.hot[r]);
        double total = (double) others[r] + targetExponential[r];
        double l = -minusLog[r];
        double slope = weight == 0 ? 0 : crossEntropy ? -weight : weight * formula.derivative(l);
        double partition = distance - l;
        double zLoss = job.zLoss();
        double drift = zLoss == 0 ? 0 : 2 * zLoss * targets.rowWeight[r] * partition;
        double scale = job.scale() * logitScale;
        factors[r] = (float) (scale * (drift - slope) / total);
        targetGradients[r] = (float) (scale * (slope * others[r] + drift * targetExponential[r]) / total);
        double value = weight == 0 ? 0 : weight * (crossEntropy ? -l : formula.value(l));
        terms[r] = value + (zLoss == 0 ? 0 : zLoss * targets.rowWeight[r] * partition * partition);
    }
}
