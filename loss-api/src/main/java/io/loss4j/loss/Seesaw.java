package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Cross-entropy in which rare classes are pushed down less by the examples of frequent ones, but more where they win.
 *
 * <pre>
 *   value  = sum_i t_i (-log softmax(z + log S_i))_i      S_ij = M_ij C_ij for j != i, S_ii = 1
 *   M_ij   = min(1, n_j / n_i)^p                          mitigation: fewer examples, less push
 *   C_ij   = max(1, s_j / max(s_i, epsilon))^q            compensation: a wrong class ahead, more push
 *   d/dz_j = sum_i t_i (softmax(z + log S_i)_j - [j = i])
 * </pre>
 *
 * <p>s = softmax(z) in C is held constant: the gradient does not go through it. n are class counts; a class that was never
 * seen counts as seen once. t is 1 at the class of the label, times its class weight, which so multiplies the whole loss of
 * the row; a row of n labels that are not 0 takes n K steps. p = q = 0 is plain cross-entropy.
 *
 * <p>Use it for very many classes of very unequal size, as in long-tailed detection.
 *
 * <p>Elsewhere: mmpretrain and mmdetection {@code SeesawLoss}, which count classes as they go; here counts are given.
 *
 * <p>Example: logits (0, 0), counts (100, 10), label 0, with the defaults: ln(1 + 0.1^0.8) = 0.147117.
 *
 * <p>Source: Wang et al., Seesaw Loss for Long-Tailed Instance Segmentation, 2021.
 *
 * @param classCounts how often each class occurs, at least 0
 * @param p strength of the mitigation, at least 0; default 0.8
 * @param q strength of the compensation, at least 0; default 2
 * @param epsilon the probability of the label counts as at least this in C, above 0 and at most 1; default 0.01
 */
public record Seesaw(PerColumn classCounts, double p, double q, double epsilon) implements SoftmaxRowLoss {
    private static final String ID = "seesaw";

    /** As registered: {@code seesaw}. */
    public static final LossType<Seesaw> TYPE =
            LossType.of(Seesaw.class, ID, Map.of("p", 0.8, "q", 2.0, "epsilon", 0.01));

    /** Checks the ranges. */
    public Seesaw {
        Check.each(
                ID,
                "class_counts",
                classCounts,
                n -> n >= 0 && n < Double.POSITIVE_INFINITY,
                "a finite number, at least 0");
        if (classCounts.isScalar()) {
            throw Check.wrong(ID, "class_counts is one number, expected one per class", "give a list");
        }
        Check.atLeast(0, ID, "p", p);
        Check.atLeast(0, ID, "q", q);
        Check.above(0, ID, "epsilon", epsilon);
        Check.within(0, 1, ID, "epsilon", epsilon);
    }

    /** With p = 0.8, q = 2 and epsilon = 0.01. */
    public Seesaw(PerColumn classCounts) {
        this(classCounts, 0.8, 2, 0.01);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        return evaluate(predictions, LogSoftmax.of(predictions), targets, gradient);
    }

    private double evaluate(double[] predictions, double[] held, double[] targets, double[] gradient) {
        Arrays.fill(gradient, 0);
        double value = 0;
        for (int i = 0; i < predictions.length; i++) {
            if (targets[i] == 0) {
                continue;
            }
            int label = i;
            double[] shifted = new double[predictions.length];
            Arrays.setAll(shifted, j -> predictions[j] + (j == label ? 0 : logFactor(label, j, held)));
            double[] log = LogSoftmax.of(shifted);
            value -= targets[i] * log[i];
            double[] slopes = new double[predictions.length];
            slopes[i] = -targets[i];
            LogSoftmax.toLogits(log, slopes);
            Arrays.setAll(gradient, j -> gradient[j] + slopes[j]);
        }
        return value;
    }

    /** log(M_ij C_ij). */
    private double logFactor(int i, int j, double[] held) {
        double mitigation = Math.min(0, Math.log(count(j) / count(i)));
        double compensation = Math.max(0, held[j] - Math.max(held[i], Math.log(epsilon)));
        return p * mitigation + q * compensation;
    }

    private double count(int k) {
        return Math.max(1, classCounts.at(k));
    }

    @Override
    public RowLoss heldAt(double[] predictions) {
        double[] held = LogSoftmax.of(predictions);
        return new HeldLoss(this, (x, t, gradient) -> evaluate(x, held, t, gradient));
    }

    @Override
    public int labelColumns(int columns) {
        return Check.columns(ID, classCounts.columns(), columns);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
