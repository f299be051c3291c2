package io.loss4j.loss;

import java.util.Map;

/**
 * Kullback-Leibler divergence of the predicted distribution from that of the labels, element by element.
 *
 * <pre>
 *   value = y (log y - l)             l the predicted log-probability, 0 log 0 = 0
 *   value = e^y (y - l)               with log_target: labels are log-probabilities too
 *   d/dl  = -y, or -e^y
 * </pre>
 *
 * <p>It differs from cross-entropy by the entropy of the labels, which no prediction can change, so the gradients agree.
 * From probabilities l is max(log p, -100), and the derivative is by p: -y / p, 0 where floored. With BATCH_MEAN the
 * result is the divergence per row.
 *
 * <p>Use it where labels are distributions of their own: distillation from a teacher, several annotators. The value is then 0
 * for a perfect prediction, which that of cross-entropy is not.
 *
 * <p>Elsewhere: PyTorch's KLDivLoss with the same log_target; optax's kl_divergence, the same summed per row. Keras's
 * KLDivergence takes probabilities and clips both sides at 1e-7. Deeplearning4j's KL_DIVERGENCE clips too.
 *
 * <p>Example: y = 0.5, l = ln 0.25: 0.5 ln 2 = 0.346574.
 *
 * <p>Source: Kullback and Leibler, On Information and Sufficiency, 1951.
 *
 * @param input what the predictions are: log_probabilities or probabilities; default log_probabilities
 * @param logTarget whether labels are log-probabilities; default false
 */
public record KlDivergence(InputForm input, boolean logTarget) implements ElementwiseLoss {
    private static final String ID = "kl_divergence";

    /** As registered: {@code kl_divergence}. */
    public static final LossType<KlDivergence> TYPE =
            LossType.of(KlDivergence.class, ID, Map.of("input", InputForm.LOG_PROBABILITIES, "log_target", false));

    /** Refuses logits. */
    public KlDivergence {
        Check.input(
                ID,
                input,
                input != InputForm.LOGITS,
                "let the network end in a softmax or log-softmax, or use softmax_cross_entropy, which has the same"
                        + " gradient");
    }

    /** Of labels that are probabilities. */
    public KlDivergence(InputForm input) {
        this(input, false);
    }

    /** Of predicted log-probabilities and labels that are probabilities. */
    public KlDivergence() {
        this(InputForm.LOG_PROBABILITIES, false);
    }

    @Override
    public double value(double x, double y) {
        double l = input == InputForm.PROBABILITIES ? Probability.log(Probability.clamp(x)) : x;
        double target = logTarget ? Math.exp(y) : y;
        return target == 0 && !Double.isNaN(l) ? 0 : target * ((logTarget ? y : Math.log(y)) - l);
    }

    @Override
    public double derivative(double x, double y) {
        double target = logTarget ? Math.exp(y) : y;
        return input == InputForm.PROBABILITIES ? -target * Probability.logSlope(Probability.clamp(x)) : -target;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
