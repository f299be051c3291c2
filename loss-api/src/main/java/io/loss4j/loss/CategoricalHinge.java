package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Hinge loss of the label against the strongest other class.
 *
 * <pre>
 *   value = sum_k t_k max(0, 1 + max(0, max_(i != k) x_i) - x_k)
 * </pre>
 *
 * <p>t is 1 at the class of the label, times its class weight, which so multiplies the whole loss of the row; or a soft
 * label. The inner 0 stands in the column of the label: other classes below 0 do not help. Where the outer max is exactly 0
 * the derivative is taken to be 0; of equal classes the first one gets it. A row of n labels that are not 0 takes n K steps.
 *
 * <p>Use it for scores of single labels; {@link MultiMargin} looks at all other classes instead of the strongest.
 *
 * <p>Elsewhere: Keras {@code CategoricalHinge}, the same for one-hot labels; a row without any label costs max(0, 1 + max
 * x) there, which {@code empty_rows} reproduces.
 *
 * <p>Example: x = (0.6, 0.4), label 1: 1 + 0.6 - 0.4 = 1.2.
 *
 * <p>Source: Crammer and Singer, On the Algorithmic Implementation of Multiclass Kernel-Based Vector Machines, 2001.
 *
 * @param emptyRows whether rows without a label cost something; a class weight of 0 makes such rows too. Default false
 */
public record CategoricalHinge(boolean emptyRows) implements RowLoss {
    /** As registered: {@code categorical_hinge}. */
    public static final LossType<CategoricalHinge> TYPE =
            LossType.of(CategoricalHinge.class, "categorical_hinge", Map.of("empty_rows", false));

    private static final int NONE = -1;

    /** Rows without a label cost nothing. */
    public CategoricalHinge() {
        this(false);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        Arrays.fill(gradient, 0);
        double value = 0;
        boolean empty = true;
        for (int k = 0; k < targets.length; k++) {
            if (targets[k] != 0) {
                value += hinge(predictions, k, targets[k], gradient);
                empty = false;
            }
        }
        return empty && emptyRows ? hinge(predictions, NONE, 1, gradient) : value;
    }

    private static double hinge(double[] x, int label, double weight, double[] gradient) {
        int rival = NONE;
        double strongest = label == NONE ? Double.NEGATIVE_INFINITY : 0;
        for (int i = 0; i < x.length; i++) {
            if (i != label && (x[i] > strongest || Double.isNaN(x[i]))) {
                rival = i;
                strongest = x[i];
            }
        }
        double violation = 1 + strongest - (label == NONE ? 0 : x[label]);
        if (violation <= 0) {
            return 0;
        }
        if (rival != NONE) {
            gradient[rival] += weight;
        }
        if (label != NONE) {
            gradient[label] -= weight;
        }
        return weight * violation;
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
