package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Multi-label hinge loss of pairs: every present label must stay 1 above every absent one.
 *
 * <pre>
 *   value = (1/K) sum_(j in P) t_j sum_(i in A) max(0, 1 - x_j + x_i)    P: t_j != 0, A: t_i = 0
 * </pre>
 *
 * <p>t_j is 1 for a present label, times its class weight: weights multiply the pairs of their label. Rows without present
 * or without absent labels cost nothing. Where a difference is exactly 1 the derivative is taken to be 0. Smoothed labels
 * leave none absent; labels whose weight or mask is 0 count as absent. |P| |A| steps.
 *
 * <p>Use it for multi-label scores of which only the order matters.
 *
 * <p>Elsewhere: PyTorch {@code MultiLabelMarginLoss} takes the indices of the present labels up to the first -1; here
 * labels are a 1 in each of their columns.
 *
 * <p>Example: x = (0.1, 0.2, 0.4, 0.8), labels (1, 0, 0, 1): (0.4 + 0.6 + 1.1 + 1.3) / 4 = 0.85.
 *
 * <p>Source: Crammer and Singer, A Family of Additive Online Algorithms for Category Ranking, 2003.
 */
public record MultilabelMargin() implements RowLoss {
    /** As registered: {@code multilabel_margin}. */
    public static final LossType<MultilabelMargin> TYPE =
            LossType.of(MultilabelMargin.class, "multilabel_margin", Map.of());

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        Arrays.fill(gradient, 0);
        double value = 0;
        for (int j = 0; j < targets.length; j++) {
            double weight = targets[j] / targets.length;
            for (int i = 0; i < targets.length && weight != 0; i++) {
                double violation = 1 - predictions[j] + predictions[i];
                if (targets[i] == 0 && !(violation <= 0)) {
                    value += weight * violation;
                    gradient[i] += weight;
                    gradient[j] -= weight;
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
