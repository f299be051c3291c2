package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * The loss of sparsemax, which gives unlikely classes the probability 0.
 *
 * <pre>
 *   value = T/2 sum_(p_k > 0) (z_k^2 - tau^2) - sum_k t_k z_k + sum_k t_k^2 / (2 T)      T = sum t
 *   p     = max(0, z - tau), where tau makes them sum to 1: the point of the simplex nearest to z
 *   d/dz  = T p - t
 * </pre>
 *
 * <p>t is 1 at the class of the label, times its class weight, which so multiplies the whole loss of the row; or a soft
 * label. 0 with a gradient of 0 as soon as the label leads all other classes by 1; grows linearly for a label that is far
 * behind. Computed from z less its maximum, so that squares stay small. A label with a logit of -inf costs infinitely much.
 *
 * <p>Use it for networks whose sparse probabilities are wanted: predict with sparsemax instead of softmax.
 *
 * <p>Elsewhere: optax {@code sparsemax_loss} for two classes and {@code multiclass_sparsemax_loss}.
 *
 * <p>Example: logits (1, 0.5), label 1: tau = 0.25, p = (0.75, 0.25): 0.5625.
 *
 * <p>Source: Martins and Astudillo, From Softmax to Sparsemax, 2016.
 */
public record Sparsemax() implements SoftmaxRowLoss {
    /** As registered: {@code sparsemax}. */
    public static final LossType<Sparsemax> TYPE = LossType.of(Sparsemax.class, "sparsemax", Map.of());

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        double total = Arrays.stream(targets).sum();
        double max = predictions[LogSoftmax.top(predictions)];
        boolean impossible = max == Double.NEGATIVE_INFINITY;
        double tau = impossible ? 0 : threshold(predictions, max);
        double value = 0;
        for (int k = 0; k < predictions.length; k++) {
            double z = impossible ? max : predictions[k] - max;
            double p = Math.max(0, z - tau);
            double inside = p > 0 ? total * (z * z - tau * tau) : 0;
            double ofLabel = total == 0 ? 0 : targets[k] * targets[k] / total;
            value += (inside + ofLabel) / 2 - Probability.weighted(targets[k], z);
            gradient[k] = impossible ? 0 : total * p - targets[k];
        }
        return value;
    }

    /** tau of z less its maximum; at least -1, so that numbers below -1 do not matter. */
    private static double threshold(double[] predictions, double max) {
        double[] near = Arrays.stream(predictions)
                .map(z -> z - max)
                .filter(z -> !(z <= -1))
                .sorted()
                .toArray();
        double sum = 0;
        double tau = Double.NaN;
        for (int n = 1; n <= near.length; n++) {
            double z = near[near.length - n];
            sum += z;
            if (1 + n * z > sum) {
                tau = (sum - 1) / n;
            }
        }
        return tau;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
