package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * A normalised loss, which pulls the label up, plus a bounded one, which pushes the other classes down.
 *
 * <pre>
 *   value   = alpha active + beta passive                 l = log softmax(z), p = e^l
 *   active:  nce  sum_k t_k l_k / sum_j l_j
 *            nfl  sum_k t_k f(l_k) / sum_j f(l_j)         f(l) = -(1 - p)^gamma l
 *   passive: mae  sum_k t_k (1 - p_k)
 *            rce  sum_k t_k (-log_zero) (1 - p_k)
 * </pre>
 *
 * <p>The gradient is alpha times that of the active loss (see {@link NormalizedCrossEntropy}) plus beta times that of the
 * passive one. t is 1 at the class of the label, times its class weight, which so multiplies the whole loss of the row; or
 * a soft label. For labels that sum to 1 the value is between 0 and alpha + beta (times -log_zero for rce). Limits at
 * logits of -inf are those of the parts.
 *
 * <p>Use it where many labels are wrong: robust as each of its terms, and faster than either. More classes want a larger
 * alpha.
 *
 * <p>Elsewhere: the code of the paper, whose MAE is 1 - p as here, and whose log_zero is ln 1e-4 = -9.21.
 *
 * <p>Example: probabilities 0.5, 0.25, 0.25, label 0, with the defaults: 0.2 + 4 0.5 = 2.2.
 *
 * <p>Source: Ma et al., Normalized Loss Functions for Deep Learning with Noisy Labels, 2020.
 *
 * @param active nce (normalised cross-entropy) or nfl (normalised focal loss); default nce
 * @param passive mae (see {@link MaeProbability}) or rce (reverse cross-entropy); default rce
 * @param gamma focusing exponent of nfl, at least 0; default 0.5
 * @param alpha factor of the active loss, at least 0; default 1
 * @param beta factor of the passive loss, at least 0; default 1
 * @param logZero what log 0 is taken to be in rce, below 0; default -4
 */
public record ActivePassive(Active active, Passive passive, double gamma, double alpha, double beta, double logZero)
        implements SoftmaxRowLoss {
    private static final String ID = "active_passive";

    /** As registered: {@code active_passive}. */
    public static final LossType<ActivePassive> TYPE = LossType.of(
            ActivePassive.class,
            ID,
            Map.of(
                    "active",
                    Active.NCE,
                    "passive",
                    Passive.RCE,
                    "gamma",
                    0.5,
                    "alpha",
                    1.0,
                    "beta",
                    1.0,
                    "log_zero",
                    -4.0));

    /** The term that looks at the label. */
    public enum Active {
        /** Normalised cross-entropy. */
        NCE,
        /** Normalised focal loss. */
        NFL
    }

    /** The term that looks at the other classes. */
    public enum Passive {
        /** The absolute error of the probability. */
        MAE,
        /** Reverse cross-entropy. */
        RCE
    }

    /** Checks the ranges. */
    public ActivePassive {
        Check.atLeast(0, ID, "gamma", gamma);
        Check.atLeast(0, ID, "alpha", alpha);
        Check.atLeast(0, ID, "beta", beta);
        Check.below(0, ID, "log_zero", Check.finite(ID, "log_zero", logZero));
    }

    /** Two terms with the factors 1, gamma = 0.5 and log_zero = -4. */
    public ActivePassive(Active active, Passive passive) {
        this(active, passive, 0.5, 1, 1, -4);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        double[] log = LogSoftmax.of(predictions);
        Arrays.fill(gradient, 0);
        SoftmaxLoss normalised = new SoftmaxFocal(active == Active.NFL ? gamma : 0);
        double value = NormalizedLoss.add(alpha, normalised, log, targets, gradient);
        double factor = passive == Passive.MAE ? beta : -beta * logZero;
        for (int k = 0; k < log.length; k++) {
            value -= factor * targets[k] * Math.expm1(log[k]);
            gradient[k] -= factor * targets[k] * Math.exp(log[k]);
        }
        LogSoftmax.toLogits(log, gradient);
        return value;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
