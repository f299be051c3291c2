package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Focal Tversky loss: a power of the Tversky loss, so that classes with little overlap matter more, or less.
 *
 * <pre>
 *   value   = (1 - T)^gamma     T = (tp + a) / (tp + alpha fp + beta fn + b)
 *   tp      = sum w y p     fp = sum w (1 - y) p     fn = sum w y (1 - p)
 *   d/dp    = gamma (1 - T)^(gamma - 1) times the derivative of the {@link Tversky} loss
 * </pre>
 *
 * <p>Labels and probabilities are from 0 to 1; columns may be classes (one-hot, soft or index labels) or, with the activation
 * sigmoid, each a yes or no of its own. Along the axis row there is a term per row; along the others a single one for the
 * whole batch, without a score per example (L4J-P07), and losses of batches do not add up: use batches of one size.
 * Class weights weigh the classes of the mean along the axis class, and elements along the others; masked elements and
 * ignored labels are in no sum. The power is taken of every class, or row, before the mean. At a
 * perfect prediction value and gradient are 0, although the derivative grows without bound on the way there if gamma is
 * below 1; where smoothing makes T more than 1 both are 0 too. Where the denominator is 0 they are 0.
 *
 * <p>Use it with gamma below 1 to keep pulling at what is nearly right, small lesions for instance, and above 1 to turn to
 * what is still wrong.
 *
 * <p>Elsewhere: the paper's gamma is 1 / gamma here (4/3 there, 0.75 here); segmentation_models {@code TverskyLoss}
 * (the power of the mean over the classes) and kornia have this gamma.
 *
 * <p>Example: p = (0.8, 0.4), y = (1, 0), one column, alpha = 0.3, beta = 0.7, gamma = 0.75, without smoothing:
 * 0.245283^0.75 = 0.348538.
 *
 * <p>Source: Abraham and Khan, A Novel Focal Tversky Loss Function, 2019.
 *
 * @param alpha weight of false positives, at least 0; default 0.3
 * @param beta weight of false negatives, at least 0, not 0 together with alpha; default 0.7
 * @param gamma the power, above 0; default 0.75
 * @param axis what the sums go over; default class
 * @param counts how soft counts are made: product, squared or minimum; default product
 * @param smoothNumerator added above, at least 0; default 1e-5
 * @param smoothDenominator added below, at least 0; default 1e-5
 * @param absent what a class without labels costs: count, free or skip; default count
 * @param input logits or probabilities; default probabilities
 * @param activation what makes probabilities of logits: sigmoid or softmax; any for probabilities (default)
 */
public record FocalTversky(
        double alpha,
        double beta,
        double gamma,
        OverlapAxis axis,
        SoftCounts counts,
        double smoothNumerator,
        double smoothDenominator,
        AbsentClasses absent,
        InputForm input,
        Activation activation)
        implements LossSpec {
    private static final String ID = "focal_tversky";

    /** As registered: {@code focal_tversky}. */
    public static final LossType<FocalTversky> TYPE = LossType.of(
            FocalTversky.class,
            ID,
            Map.ofEntries(
                    Map.entry("alpha", 0.3),
                    Map.entry("beta", 0.7),
                    Map.entry("gamma", 0.75),
                    Map.entry("axis", OverlapAxis.CLASS),
                    Map.entry("counts", SoftCounts.PRODUCT),
                    Map.entry("smooth_numerator", 1e-5),
                    Map.entry("smooth_denominator", 1e-5),
                    Map.entry("absent", AbsentClasses.COUNT),
                    Map.entry("input", InputForm.PROBABILITIES),
                    Map.entry("activation", Activation.ANY)));

    /** Checks the ranges. */
    public FocalTversky {
        Tversky.check(ID, alpha, beta);
        Check.above(0, ID, "gamma", gamma);
        Check.atLeast(0, ID, "smooth_numerator", smoothNumerator);
        Check.atLeast(0, ID, "smooth_denominator", smoothDenominator);
        Check.probabilities(ID, input, activation);
    }

    /** Over probabilities and each class, with the default smoothing. */
    public FocalTversky(double alpha, double beta, double gamma) {
        this(alpha, beta, gamma, OverlapAxis.CLASS, InputForm.PROBABILITIES, Activation.ANY);
    }

    /** With product counts, the default smoothing, and absent classes counted. */
    public FocalTversky(
            double alpha, double beta, double gamma, OverlapAxis axis, InputForm input, Activation activation) {
        this(alpha, beta, gamma, axis, SoftCounts.PRODUCT, 1e-5, 1e-5, AbsentClasses.COUNT, input, activation);
    }

    private record Power(OverlapRatio ratio, double gamma) implements CountedLoss.Score {
        @Override
        public Confusion.Cost cost(Confusion counts) {
            Confusion.Cost cost = ratio.cost(counts);
            double value = cost.value();
            return value <= 0
                    ? Confusion.Cost.constant(0)
                    : cost.then(Math.pow(value, gamma), gamma * Math.pow(value, gamma - 1));
        }
    }

    @Override
    public LossSpec formula(int columns) {
        return Overlap.ofProbabilities(
                axis,
                this,
                absent,
                new CountedLoss(
                        counts,
                        new Power(new OverlapRatio(1, alpha, beta, smoothNumerator, smoothDenominator), gamma)));
    }

    @Override
    public @Nullable LossSpec overLogits(Activation wanted) {
        return Overlap.twin(
                this,
                wanted,
                a -> new FocalTversky(
                        alpha,
                        beta,
                        gamma,
                        axis,
                        counts,
                        smoothNumerator,
                        smoothDenominator,
                        absent,
                        InputForm.LOGITS,
                        a));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
