package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Cross-entropy to a mixture of the label and what the network says itself.
 *
 * <pre>
 *   value  = -sum_k (beta t_k + (1 - beta) T c_k) l_k     l = log softmax(z), T = sum_k t_k
 *   d/dz_j = beta (T p_j - t_j)
 * </pre>
 *
 * <p>c is p = softmax(z), held constant: the gradient does not go through it. t is 1 at the class of the label, times its
 * class weight, which so multiplies the whole loss of the row; or a soft label. The constant target makes the gradient beta (T p - t): that of cross-entropy times beta.
 * beta = 1 is plain cross-entropy.
 *
 * <p>Use it where some labels are wrong and the network is good enough to be asked.
 *
 * <p>Elsewhere: code of the paper; where the target is not held constant the gradient differs.
 *
 * <p>Example: logits (0, ln 3), label 0, beta = 0.8: 0.8 ln 4 + 0.2 (0.25 ln 4 + 0.75 ln 4/3) = 1.221503.
 *
 * <p>Source: Reed et al., Training Deep Neural Networks on Noisy Labels with Bootstrapping, 2015.
 *
 * @param beta share of the label, from 0 to 1; default 0.95
 */
public record BootstrapSoft(double beta) implements SoftmaxRowLoss {
    private static final String ID = "bootstrap_soft";

    /** As registered: {@code bootstrap_soft}. */
    public static final LossType<BootstrapSoft> TYPE = LossType.of(BootstrapSoft.class, ID, Map.of("beta", 0.95));

    /** Checks the range of beta. */
    public BootstrapSoft {
        Check.within(0, 1, ID, "beta", beta);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        return Bootstrap.evaluate(predictions, belief(predictions), beta, targets, gradient);
    }

    /** What the network says itself. */
    private static double[] belief(double[] predictions) {
        return Arrays.stream(LogSoftmax.of(predictions)).map(Math::exp).toArray();
    }

    @Override
    public RowLoss heldAt(double[] predictions) {
        double[] belief = belief(predictions);
        return new HeldLoss(this, (x, t, gradient) -> Bootstrap.evaluate(x, belief, beta, t, gradient));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
