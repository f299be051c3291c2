package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Asymmetric focusing for classes that exclude each other: one exponent for the label, one for the other classes.
 *
 * <pre>
 *   value = sum_j t_j (1 - s + s/K) f+(l_j) + (T - t_j) ((s/K) f-(l_j) + negatives g(l_j))
 *   f+(l) = -(1 - p)^g+ l      f-(l) = -p^g- l      g(l) = -p^g- log(1 - p)      s = smoothing
 *   d/dz_j = h_j - p_j sum_k h_k, h the derivatives by l = log softmax(z)
 * </pre>
 *
 * <p>t is 1 at the class of the label, times its class weight, which so multiplies the whole loss of the row; or a soft
 * label; T = sum t. The gradient goes through the focusing factors. 1 - p of the most likely class is computed from the
 * other classes, so that log(1 - p) stays exact where p rounds to 1. A label of probability 0 costs infinitely much, and so
 * does another class of probability 1 if negatives is above 0, or of probability 0 if it is smoothed with g- = 0.
 *
 * <p>Use it for single labels where {@link AsymmetricLoss} serves many; with smoothing its negatives keep a small pull.
 *
 * <p>Elsewhere: {@code ASLSingleLabel} of the paper's code (these defaults); mmpretrain {@code AsymmetricLoss} with
 * softmax is smoothing = 0, negatives = 1, and its mean divides by K once more.
 *
 * <p>Example: two classes with logits (0, 0), with the defaults: (0.95 + 0.05 0.0625) ln 2 = 0.660656.
 *
 * <p>Source: Ridnik et al., Asymmetric Loss For Multi-Label Classification, 2021; the defaults are those of its code.
 *
 * @param gammaPositive focusing exponent of the label, at least 0; default 0
 * @param gammaNegative focusing exponent of the other classes, at least 0; default 4
 * @param smoothing share of the label that is spread over all classes, from 0 to 1; default 0.1
 * @param negatives factor of the logarithms of 1 - p of the other classes, at least 0; default 0
 */
public record AsymmetricSingleLabel(double gammaPositive, double gammaNegative, double smoothing, double negatives)
        implements SoftmaxRowLoss {
    private static final String ID = "asymmetric_single_label";

    /** As registered: {@code asymmetric_single_label}. */
    public static final LossType<AsymmetricSingleLabel> TYPE = LossType.of(
            AsymmetricSingleLabel.class,
            ID,
            Map.of("gamma_positive", 0.0, "gamma_negative", 4.0, "smoothing", 0.1, "negatives", 0.0));

    /** Checks the ranges. */
    public AsymmetricSingleLabel {
        Check.atLeast(0, ID, "gamma_positive", gammaPositive);
        Check.atLeast(0, ID, "gamma_negative", gammaNegative);
        Check.within(0, 1, ID, "smoothing", smoothing);
        Check.atLeast(0, ID, "negatives", negatives);
    }

    /** With the exponents 0 and 4 and the smoothing 0.1 of the paper's code. */
    public AsymmetricSingleLabel() {
        this(0, 4, 0.1, 0);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        double[] log = LogSoftmax.of(predictions);
        double total = Arrays.stream(targets).sum();
        double spread = smoothing / log.length;
        SoftmaxLoss positive = new SoftmaxFocal(gammaPositive);
        double value = 0;
        for (int j = 0; j < log.length; j++) {
            double own = targets[j] * (1 - smoothing + spread);
            double other = (total - targets[j]) * spread;
            double focus = Math.exp(gammaNegative == 0 ? 0 : gammaNegative * log[j]);
            value += Probability.weighted(own, positive.value(log[j]))
                    - Probability.weighted(other, Probability.weighted(focus, log[j]));
            gradient[j] = own * positive.derivative(log[j])
                    - other * (focus + Probability.weighted(gammaNegative * focus, log[j]));
        }
        int top = LogSoftmax.top(log);
        double logOthers = logOfOthers(log, top);
        double pull = 0; // on the logits through log(1 - p) of the most likely class
        for (int j = 0; j < log.length && negatives != 0; j++) {
            double other = (total - targets[j]) * negatives;
            if (other != 0) {
                double p = Math.exp(log[j]);
                double focus = Math.pow(p, gammaNegative);
                double cost = j == top ? -logOthers : -Math.log1p(-p);
                value += other * Probability.weighted(focus, cost);
                double focusing = Double.isInfinite(cost) ? 0 : gammaNegative * cost; // p^g has no slope at p = 1
                gradient[j] += other * focus * (focusing + (j == top ? 0 : p / (1 - p)));
                pull = j == top ? other * focus : pull;
            }
        }
        LogSoftmax.toLogits(log, gradient);
        for (int j = 0; j < log.length && pull != 0; j++) {
            // -log(1 - p_top) = logsumexp of all - logsumexp of the others
            double amongOthers = j == top || logOthers == Double.NEGATIVE_INFINITY ? 0 : Math.exp(log[j] - logOthers);
            gradient[j] += pull * (Math.exp(log[j]) - amongOthers);
        }
        return value;
    }

    /** log(1 - p) of the most likely class. */
    private static double logOfOthers(double[] log, int top) {
        double[] others = log.clone();
        others[top] = Double.NEGATIVE_INFINITY;
        double max = others[LogSoftmax.top(others)];
        double sum = Arrays.stream(others).map(l -> Math.exp(l - max)).sum();
        return max == Double.NEGATIVE_INFINITY ? max : max + Math.log(sum);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
