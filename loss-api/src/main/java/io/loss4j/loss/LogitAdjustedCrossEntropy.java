package io.loss4j.loss;

import java.util.Map;

/**
 * Cross-entropy of logits shifted by the logarithm of the class priors, for classes of very unequal size.
 *
 * <pre>
 *   value  = -log softmax(z + tau log prior)_y     prior_k = n_k / sum n
 *   d/dz_j = softmax(z + tau log prior)_j - [j = y]
 * </pre>
 *
 * <p>Domain and limits are those of {@link SoftmaxCrossEntropy}. The network learns to beat the priors; at prediction time
 * use z without the shift. tau = 1 is balanced softmax.
 *
 * <p>Use it for long-tailed classes when all of them count the same at prediction time.
 *
 * <p>Elsewhere: the code of the papers; by hand, adding tau log prior to the logits.
 *
 * <p>Example: logits (0, 0), counts (9, 1), tau = 1, label 1: -ln 0.1 = 2.302585.
 *
 * <p>Source: Menon et al., Long-tail learning via logit adjustment, 2021; Ren et al., Balanced Meta-Softmax, 2020.
 *
 * @param classCounts how often each class occurs, all above 0
 * @param tau strength of the adjustment, above 0; default 1
 */
public record LogitAdjustedCrossEntropy(PerColumn classCounts, double tau) implements SoftmaxLoss {
    private static final String ID = "logit_adjusted_cross_entropy";

    /** As registered: {@code logit_adjusted_cross_entropy}. */
    public static final LossType<LogitAdjustedCrossEntropy> TYPE =
            LossType.of(LogitAdjustedCrossEntropy.class, ID, Map.of("tau", 1.0));

    /** Checks the ranges. */
    public LogitAdjustedCrossEntropy {
        Check.perClass(ID, "class_counts", classCounts);
        Check.above(0, ID, "tau", tau);
    }

    /** With tau = 1. */
    public LogitAdjustedCrossEntropy(PerColumn classCounts) {
        this(classCounts, 1);
    }

    @Override
    public double value(double logProbability) {
        return -logProbability;
    }

    @Override
    public double derivative(double logProbability) {
        return -1;
    }

    @Override
    public LogitTransform logits() {
        return LogitTransform.priors(classCounts, tau);
    }

    @Override
    public int columns() {
        return classCounts.columns();
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
