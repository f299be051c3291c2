package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Logistic loss with two temperatures: a bounded logarithm (t1) over a softmax with a heavy tail (t2).
 *
 * <pre>
 *   value  = T sum_k y_k (log_t1 y_k - log_t1 p_k) - (y_k^(2-t1) - p_k^(2-t1)) / (2 - t1)      T = sum t, y = t / T
 *   p_k    = exp_t2(z_k - lambda), where lambda makes them sum to 1
 *   log_t(x) = (x^(1-t) - 1) / (1-t)       exp_t(x) = max(0, 1 + (1-t) x)^(1/(1-t))
 *   d/dz_j = h_j - r_j sum_k h_k           h_k = p_k^(t2-t1) (T p_k - t_k), r_j = p_j^t2 / sum p^t2
 * </pre>
 *
 * <p>t is 1 at the class of the label, times its class weight, which so multiplies the whole loss of the row; or a soft
 * label. lambda is found by Newton's method to the last digits, not by a few rounds as elsewhere. t1 = t2 = 1 is plain
 * cross-entropy (without label_entropy, or for hard labels). For t1 below 1 the value is bounded; for t2 above 1
 * probabilities fall like a power, so nothing underflows.
 *
 * <p>Use it where some labels are wrong: t1 below 1 bounds what an outlier costs, t2 above 1 forgives labels near the
 * boundary.
 *
 * <p>Elsewhere: the JAX form of the paper's code has the entropy of the labels, the TensorFlow form leaves it out at t1 =
 * t2 = 1; both normalise in 5 rounds, which differs by up to 1e-4.
 *
 * <p>Example: logits (0, 0), label 0, t1 = 0.5, any t2: 2 (1 - 0.707107) - (1 - 0.707107) / 1.5 = 0.390524.
 *
 * <p>Source: Amid et al., Robust Bi-Tempered Logistic Loss Based on Bregman Divergences, 2019.
 *
 * @param t1 temperature of the logarithm, from 0 to 1; default 0.8
 * @param t2 temperature of the softmax, at least 1; default 1.2
 * @param labelEntropy whether sum y log_t1 y of soft labels counts, so that the value is 0 where p = y; default true
 */
public record BiTemperedLogistic(double t1, double t2, boolean labelEntropy) implements SoftmaxRowLoss {
    private static final String ID = "bi_tempered_logistic";

    /** As registered: {@code bi_tempered_logistic}. */
    public static final LossType<BiTemperedLogistic> TYPE =
            LossType.of(BiTemperedLogistic.class, ID, Map.of("t1", 0.8, "t2", 1.2, "label_entropy", true));

    /** Far more than Newton's method needs; rounding errors may keep it from standing still. */
    private static final int MOST_ROUNDS = 100;

    /** Checks the ranges. */
    public BiTemperedLogistic {
        Check.within(0, 1, ID, "t1", t1);
        Check.atLeast(1, ID, "t2", t2);
    }

    /** With the entropy of the labels. */
    public BiTemperedLogistic(double t1, double t2) {
        this(t1, t2, true);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        double total = Arrays.stream(targets).sum();
        double[] log = logProbabilities(predictions);
        double value = 0;
        double slopes = 0;
        double escorts = 0;
        for (int k = 0; k < log.length; k++) {
            double y = total == 0 ? 0 : targets[k] / total;
            double ofLabel = y == 0 || !labelEntropy ? 0 : y * temperedLog(Math.log(y));
            value += total * (ofLabel - (Math.pow(y, 2 - t1) - Math.exp((2 - t1) * log[k])) / (2 - t1))
                    - Probability.weighted(targets[k], temperedLog(log[k]));
            gradient[k] = power(t2 - t1, log[k]) * (total * Math.exp(log[k]) - targets[k]);
            slopes += gradient[k];
            escorts += Math.exp(t2 * log[k]);
        }
        for (int j = 0; j < log.length; j++) {
            gradient[j] = escorts == 0 ? 0 : gradient[j] - Math.exp(t2 * log[j]) / escorts * slopes;
        }
        return value;
    }

    /** p^e; 1 for e = 0, also where p is 0. */
    private static double power(double e, double log) {
        return e == 0 ? 1 : Math.exp(e * log);
    }

    /** log_t1 of the number with this logarithm. */
    private double temperedLog(double log) {
        return t1 == 1 ? log : Math.expm1((1 - t1) * log) / (1 - t1);
    }

    /** Logarithms of the tempered softmax. */
    private double[] logProbabilities(double[] z) {
        double max = z[LogSoftmax.top(z)];
        if (t2 == 1 || max == Double.NEGATIVE_INFINITY) {
            return LogSoftmax.of(z);
        }
        double[] log = new double[z.length];
        // The sum falls and is convex in lambda: from the left, Newton's steps never go too far.
        double lambda = 0;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            double sum = 0;
            double slope = 0;
            for (int k = 0; k < z.length; k++) {
                log[k] = -Math.log1p((t2 - 1) * (lambda + max - z[k])) / (t2 - 1);
                sum += Math.exp(log[k]);
                slope += Math.exp(t2 * log[k]);
            }
            double next = lambda + (sum - 1) / slope;
            if (!(sum - 1 > 0x1p-52 && next > lambda)) {
                break;
            }
            lambda = next;
        }
        return log;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
