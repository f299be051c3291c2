package io.loss4j.loss;

import java.util.Map;

/**
 * Focal loss of heat maps: a key point has the label 1, and its neighbours labels below 1 that soften their penalty.
 *
 * <pre>
 *   value = -pos (1 - p)^alpha log p                    where y = 1      p = sigmoid(x)
 *         = -(1 - y)^beta p^alpha log(1 - p)            elsewhere
 *   d/dx  = -pos (1 - p)^alpha (1 - p - alpha p log p)
 *         = (1 - y)^beta p^alpha (p - alpha (1 - p) log(1 - p))
 * </pre>
 *
 * <p>y in [0, 1]; only exactly 1 is a key point, so label smoothing leaves none: do not use it here. For large |x| a key
 * point that is missed costs |x|, and a point found where there is none (1 - y)^beta |x|; what is right costs nothing.
 * From probabilities logarithms end at -100 and the derivative is by p.
 *
 * <p>Use it for key-point and centre-point detection with one heat map per class, Gaussian around each object. Divide the
 * SUM by the number of objects, as the paper does, rather than by that of pixels.
 *
 * <p>Elsewhere: KerasCV's BinaryPenaltyReducedFocalCrossEntropy, from probabilities, with a threshold for positives and
 * factors for both kinds; its defaults are these. PyTorch, Keras, optax and Deeplearning4j do not have it.
 *
 * <p>Example: x = 0, y = 1: ln 2 / 4 = 0.173287; y = 0.5: ln 2 / 64 = 0.010830.
 *
 * <p>Source: Law and Deng, CornerNet: Detecting Objects as Paired Keypoints, 2018.
 *
 * @param alpha focusing exponent, at least 0; default 2
 * @param beta how fast the penalty falls near a key point, at least 0; default 4
 * @param input what the predictions are: logits or probabilities; default logits
 */
public record PenaltyReducedFocal(double alpha, double beta, InputForm input) implements BinaryLoss {
    private static final String ID = "penalty_reduced_focal";

    /** As registered: {@code penalty_reduced_focal}. */
    public static final LossType<PenaltyReducedFocal> TYPE =
            LossType.of(PenaltyReducedFocal.class, ID, Map.of("alpha", 2.0, "beta", 4.0, "input", InputForm.LOGITS));

    /** Checks the ranges. */
    public PenaltyReducedFocal {
        Check.atLeast(0, ID, "alpha", alpha);
        Check.atLeast(0, ID, "beta", beta);
        Check.input(ID, input, input != InputForm.LOG_PROBABILITIES, "give logits, or probabilities");
    }

    /** From logits. */
    public PenaltyReducedFocal(double alpha, double beta) {
        this(alpha, beta, InputForm.LOGITS);
    }

    /** From logits, with alpha = 2 and beta = 4. */
    public PenaltyReducedFocal() {
        this(2, 4);
    }

    @Override
    public double value(double x, double y, double positiveWeight) {
        boolean point = y == 1;
        double weight = weight(y, positiveWeight);
        if (input == InputForm.LOGITS) {
            double z = point ? -x : x;
            double cost = Probability.weighted(Math.pow(Logistic.sigmoid(z), alpha), Logistic.softplus(z));
            return Probability.weighted(weight, cost);
        }
        double p = Probability.clamp(x);
        return weight * Math.pow(point ? 1 - p : p, alpha) * cost(p, point);
    }

    @Override
    public double derivative(double x, double y, double positiveWeight) {
        boolean point = y == 1;
        double slope = input == InputForm.LOGITS ? byLogit(point ? -x : x) : byProbability(x, point);
        return weight(y, positiveWeight) * (point ? -slope : slope);
    }

    /** By the logit z of being wrong. */
    private double byLogit(double z) {
        double u = Logistic.sigmoid(z);
        double focus = Probability.weighted(alpha * Logistic.sigmoid(-z), Logistic.softplus(z));
        return Math.pow(u, alpha) * (focus + u);
    }

    /** By the probability of being wrong, u. */
    private double byProbability(double x, boolean point) {
        double p = Probability.clamp(x);
        double u = point ? 1 - p : p;
        double slope = point ? Probability.logSlope(p) : -Probability.logOfComplementSlope(p);
        // with u = 0 the cost is 0 too; their ratio stays finite and meets the factor u^alpha or alpha = 0
        double focus = u == 0 ? 0 : alpha * (cost(p, point) / u);
        return Math.pow(u, alpha) * (focus + slope);
    }

    private static double cost(double p, boolean point) {
        return point ? -Probability.log(p) : -Probability.logOfComplement(p);
    }

    private double weight(double y, double positiveWeight) {
        // the product lets a NaN through where beta is 0
        return y == 1 ? positiveWeight : Math.pow(1 - y, beta) + 0 * y;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
