package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Focal loss over classes: cross-entropy that fades for examples which are already right.
 *
 * <pre>
 *   value(l) = -(1 - p)^gamma l                                    p = e^l
 *   d/dl     = -(1 - p)^gamma (1 + gamma p l / (p - 1))
 * </pre>
 *
 * <p>1 - p is computed as -expm1(l), which keeps its digits where p is near 1. At l = 0 value and derivative are 0 (-1 for
 * gamma = 0, which is plain cross-entropy); at l = -inf the value is infinite and the derivative -1. From probabilities
 * the logarithm ends at -100, so that a probability of 0 costs 100.
 *
 * <p>Use it where easy examples outnumber the hard ones; rare classes may have a gamma of their own.
 *
 * <p>Elsewhere: Keras {@code CategoricalFocalCrossentropy} puts (1 - p_k)^gamma on every class too, and multiplies all by
 * alpha (use {@link Scaled} or class weights); MONAI {@code FocalLoss} with softmax is the same.
 *
 * <p>Example: two classes with logits (0, 0), gamma = 2: 0.25 ln 2 = 0.173287.
 *
 * <p>Source: Lin et al., Focal Loss for Dense Object Detection, 2017.
 *
 * @param gamma focusing exponent, at least 0; one for all classes, or one per class of the label; default 2
 * @param input what the predictions are; default logits
 */
public record SoftmaxFocal(PerColumn gamma, InputForm input) implements SoftmaxLoss {
    private static final String ID = "softmax_focal";

    /** As registered: {@code softmax_focal}. */
    public static final LossType<SoftmaxFocal> TYPE =
            LossType.of(SoftmaxFocal.class, ID, Map.of("gamma", PerColumn.all(2), "input", InputForm.LOGITS));

    /** Checks the range of gamma. */
    public SoftmaxFocal {
        Check.each(ID, "gamma", gamma, g -> g >= 0 && g < Double.POSITIVE_INFINITY, "at least 0");
    }

    /** One gamma for all classes, from logits. */
    public SoftmaxFocal(double gamma) {
        this(PerColumn.all(gamma), InputForm.LOGITS);
    }

    @Override
    public double value(double logProbability) {
        double l = input == InputForm.PROBABILITIES ? Math.max(logProbability, Probability.LOG_FLOOR) : logProbability;
        return -Math.pow(complement(l), gamma.at(0)) * l;
    }

    @Override
    public double derivative(double logProbability) {
        double l = logProbability;
        if (input == InputForm.PROBABILITIES && l < Probability.LOG_FLOOR) {
            return 0;
        }
        double g = gamma.at(0);
        // p l / (p - 1) tends to 1 at l = 0 and to 0 at -inf
        double slope = l == 0 ? 1 : Probability.weighted(Math.exp(l), l) / Math.expm1(l);
        return -Math.pow(complement(l), g) * (1 + g * slope);
    }

    /** 1 - p; not below 0 where rounding makes a given probability larger than 1. */
    private static double complement(double l) {
        return Math.max(0, -Math.expm1(l));
    }

    /** The formula for one class; that of class 0 is what an instance with one gamma per class computes itself. */
    @Override
    public SoftmaxFocal forColumn(int column) {
        return gamma.isScalar() ? this : new SoftmaxFocal(PerColumn.all(gamma.at(column)), input);
    }

    @Override
    public int columns() {
        return gamma.columns();
    }

    @Override
    public @Nullable LossSpec overLogits(Activation activation) {
        return activation == Activation.SOFTMAX ? new SoftmaxFocal(gamma, InputForm.LOGITS) : null;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
