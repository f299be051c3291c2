package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Multi-label loss of pairs: every present label should have a larger output than every absent one (BP-MLL).
 *
 * <pre>
 *   value = 1/(|P| |A|) sum_(j in P) t_j sum_(i in A) e(x_i - x_j)       P: t_j != 0, A: t_i = 0
 *   e(d)  = exp d           for d up to 50
 *         = exp 50 (1 + d - 50) beyond
 * </pre>
 *
 * <p>t_j is 1 for a present label, times its class weight: weights multiply the pairs of their label. Rows without present
 * or without absent labels cost nothing. Beyond a difference of 50, where e^d is 5e21, the exponential goes on as its
 * tangent, so that no finite output gives infinity. Smoothed labels leave none absent; labels whose weight or mask is 0
 * count as absent. |P| |A| steps.
 *
 * <p>Use it behind tanh or sigmoid outputs where the order of the labels matters more than their probabilities.
 *
 * <p>Elsewhere: Deeplearning4j {@code LossMultiLabel}, the same for 0/1 labels up to differences of 50.
 *
 * <p>Example: x = (1, 0, 0.5), labels (1, 0, 0): (e^-1 + e^-0.5) / 2 = 0.487205.
 *
 * <p>Source: Zhang and Zhou, Multilabel Neural Networks with Applications to Functional Genomics and Text Categorization,
 * 2006. Replaces Deeplearning4j's LossMultiLabel.
 */
public record MultilabelRanking() implements RowLoss {
    /** As registered: {@code multilabel_ranking}. */
    public static final LossType<MultilabelRanking> TYPE =
            LossType.of(MultilabelRanking.class, "multilabel_ranking", Map.of());

    private static final double LARGEST_EXPONENT = 50;

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        Arrays.fill(gradient, 0);
        double present = Arrays.stream(targets).filter(t -> t != 0).count();
        double pairs = present * (targets.length - present);
        double value = 0;
        for (int j = 0; j < targets.length && pairs != 0; j++) {
            for (int i = 0; i < targets.length && targets[j] != 0; i++) {
                if (targets[i] == 0) {
                    double d = predictions[i] - predictions[j];
                    double slope = targets[j] / pairs * Math.exp(Math.min(d, LARGEST_EXPONENT));
                    value += d > LARGEST_EXPONENT ? slope * (1 + d - LARGEST_EXPONENT) : slope;
                    gradient[i] += slope;
                    gradient[j] -= slope;
                }
            }
        }
        return value;
    }

    @Override
    public boolean classification() {
        return true;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
