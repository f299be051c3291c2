package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Focal loss of yes/no outputs: binary cross-entropy that fades for examples which are already right.
 *
 * <pre>
 *   value   = alpha_t (1 - p_t)^gamma ce        ce = -[pos y log p + (1 - y) log(1 - p)],  p = sigmoid(x)
 *   p_t     = y p + (1 - y)(1 - p)              alpha_t = y alpha + (1 - y)(1 - alpha), or 1 without alpha
 *   d/dx    = alpha_t u^gamma [gamma (u'/u) ce + ce']
 *   u       = 1 - p_t                           u' = (1 - 2y) p (1 - p)
 * </pre>
 *
 * <p>y in [0, 1] may be soft. u'/u is bounded, although u^(gamma - 1) is not where gamma is below 1, hence this form. For
 * large |x| a wrong prediction costs alpha_t |x|, as cross-entropy does, and a right one nothing. From probabilities
 * logarithms end at -100 and the derivative is by p.
 *
 * <p>Use it where easy negatives outnumber everything else, as in detection and segmentation of small things; start with
 * alpha = 0.25 and gamma = 2.
 *
 * <p>Elsewhere: optax's sigmoid_focal_loss and torchvision's, the same, the latter with alpha = 0.25 unless it is switched
 * off. Keras's BinaryFocalCrossentropy applies alpha only if asked, and clips probabilities at 1e-7. Deeplearning4j does not
 * have it.
 *
 * <p>Example: x = 1, y = 1, alpha = 0.25, gamma = 2: 0.005665; x = 2, y = 0: 1.237559.
 *
 * <p>Source: Lin et al., Focal Loss for Dense Object Detection, 2017.
 *
 * @param alpha weight of the label 1, that of 0 being 1 - alpha; in [0, 1], or null for none; default null
 * @param gamma focusing exponent, at least 0; 0 is cross-entropy; default 2
 * @param input what the predictions are: logits or probabilities; default logits
 */
public record SigmoidFocal(@Nullable Double alpha, double gamma, InputForm input) implements BinaryLoss {
    private static final String ID = "sigmoid_focal";

    /** As registered: {@code sigmoid_focal}. */
    public static final LossType<SigmoidFocal> TYPE =
            LossType.of(SigmoidFocal.class, ID, Map.of("gamma", 2.0, "input", InputForm.LOGITS));

    /** Checks the ranges. */
    public SigmoidFocal {
        if (alpha != null) {
            Check.within(0, 1, ID, "alpha", alpha);
        }
        Check.atLeast(0, ID, "gamma", gamma);
        Check.input(ID, input, input != InputForm.LOG_PROBABILITIES, "give logits, or probabilities");
    }

    /** From logits. */
    public SigmoidFocal(@Nullable Double alpha, double gamma) {
        this(alpha, gamma, InputForm.LOGITS);
    }

    /** Without alpha, from logits. */
    public SigmoidFocal(double gamma) {
        this(null, gamma, InputForm.LOGITS);
    }

    @Override
    public double value(double x, double y, double positiveWeight) {
        boolean logits = input == InputForm.LOGITS;
        double p = logits ? Logistic.sigmoid(x) : Probability.clamp(x);
        double q = logits ? Logistic.sigmoid(-x) : 1 - p;
        double crossEntropy = logits
                ? Probability.weighted(positiveWeight * y, Logistic.softplus(-x))
                        + Probability.weighted(1 - y, Logistic.softplus(x))
                : -positiveWeight * y * Probability.log(p) - (1 - y) * Probability.logOfComplement(p);
        return Probability.weighted(alphaOf(y) * Math.pow(y * q + (1 - y) * p, gamma), crossEntropy);
    }

    @Override
    public double derivative(double x, double y, double positiveWeight) {
        return input == InputForm.LOGITS ? byLogit(x, y, positiveWeight) : byProbability(x, y, positiveWeight);
    }

    private double byLogit(double x, double y, double positiveWeight) {
        double p = Logistic.sigmoid(x);
        double q = Logistic.sigmoid(-x);
        double u = y * q + (1 - y) * p;
        double crossEntropy = Probability.weighted(positiveWeight * y, Logistic.softplus(-x))
                + Probability.weighted(1 - y, Logistic.softplus(x));
        double slope = (1 - y) * p - positiveWeight * y * q;
        double focus = Probability.weighted(gamma * (1 - 2 * y) * ratio(y, p, q, u), crossEntropy);
        return alphaOf(y) * Math.pow(u, gamma) * (focus + slope);
    }

    /** p q / u, which for hard labels is p or q, also where u has become 0. */
    static double ratio(double y, double p, double q, double u) {
        return y == 1 ? p : y == 0 ? q : p * q / u;
    }

    private double byProbability(double x, double y, double positiveWeight) {
        double p = Probability.clamp(x);
        double u = y * (1 - p) + (1 - y) * p;
        double crossEntropy = -positiveWeight * y * Probability.log(p) - (1 - y) * Probability.logOfComplement(p);
        double slope = -positiveWeight * y * Probability.logSlope(p) - (1 - y) * Probability.logOfComplementSlope(p);
        // with u = 0 the cross-entropy is 0 too; their ratio stays finite and meets the factor u^gamma or gamma = 0
        double focus = u == 0 ? 0 : gamma * (1 - 2 * y) * (crossEntropy / u);
        return alphaOf(y) * Math.pow(u, gamma) * (focus + slope);
    }

    private double alphaOf(double y) {
        return alpha == null ? 1 : y * alpha + (1 - y) * (1 - alpha);
    }

    @Override
    public @Nullable LossSpec overLogits(Activation activation) {
        return activation == Activation.SIGMOID ? new SigmoidFocal(alpha, gamma, InputForm.LOGITS) : null;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
