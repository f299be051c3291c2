package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Multi-class hinge loss of a row of scores x: every wrong class must stay a margin below the right one.
 *
 * <pre>
 *   value  = sum_k t_k (1/K) sum_(i != k) max(0, v_ik)^p        v_ik = margin - x_k + x_i
 *   d/dx_i = sum_k t_k (1/K) p max(0, v_ik)^(p-1) for i != k, and the negative sum of these at k
 * </pre>
 *
 * <p>t is 1 at the class of the label, times its class weight, which so multiplies the whole loss of the row; or a soft
 * label. A row of n labels that are not 0 takes n K steps. Where a difference is exactly the margin, the derivative for p =
 * 1 is taken to be 0. For scores far apart the value grows linearly or with the square. K = 1 costs nothing.
 *
 * <p>Use it for scores of single labels that need not be probabilities.
 *
 * <p>Elsewhere: PyTorch {@code MultiMarginLoss}, the same for class indices; optax {@code multiclass_hinge_loss} looks at
 * the strongest other class only.
 *
 * <p>Example: x = (0.1, 0.2, 0.4, 0.8), label 3: (0.3 + 0.4 + 0.6) / 4 = 0.325.
 *
 * <p>Source: Weston and Watkins, Support Vector Machines for Multi-Class Pattern Recognition, 1999.
 *
 * @param p the power, 1 or 2; default 1
 * @param margin the lead that costs nothing, at least 0; default 1
 */
public record MultiMargin(int p, double margin) implements RowLoss {
    private static final String ID = "multi_margin";

    /** As registered: {@code multi_margin}. */
    public static final LossType<MultiMargin> TYPE = LossType.of(MultiMargin.class, ID, Map.of("p", 1, "margin", 1.0));

    /** Checks the ranges. */
    public MultiMargin {
        Check.oneOrTwo(ID, "p", p);
        Check.atLeast(0, ID, "margin", margin);
    }

    /** With p = 1 and margin = 1. */
    public MultiMargin() {
        this(1, 1);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        int columns = predictions.length;
        Arrays.fill(gradient, 0);
        double loss = 0;
        for (int k = 0; k < columns; k++) {
            if (targets[k] == 0) {
                continue;
            }
            double weight = targets[k] / columns;
            double pull = 0;
            for (int i = 0; i < columns; i++) {
                double violation = margin - predictions[k] + predictions[i];
                if (i == k || violation <= 0) {
                    continue;
                }
                double slope = p == 1 ? 1 : 2 * violation;
                loss += weight * (p == 1 ? violation : violation * violation);
                gradient[i] += weight * slope;
                pull += slope;
            }
            gradient[k] -= weight * pull;
        }
        return loss;
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
