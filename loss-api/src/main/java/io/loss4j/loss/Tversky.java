package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tversky loss: an overlap with weights of its own for what is found wrongly and what is missed.
 *
 * <pre>
 *   value   = 1 - T     T = (tp + a) / (tp + alpha fp + beta fn + b)     a, b = smooth_numerator, smooth_denominator
 *   tp      = sum w y p     fp = sum w (1 - y) p     fn = sum w y (1 - p)
 *   d/dp    = w [(1 - y) alpha T - y beta T - y (1 - T)] / (tp + alpha fp + beta fn + b)
 * </pre>
 *
 * <p>Labels and probabilities are from 0 to 1; columns may be classes (one-hot, soft or index labels) or, with the activation
 * sigmoid, each a yes or no of its own. Along the axis row there is a term per row; along the others a single one for the
 * whole batch, without a score per example (L4J-P07), and losses of batches do not add up: use batches of one size.
 * Class weights weigh the classes of the mean along the axis class, and elements along the others; masked elements and
 * ignored labels are in no sum. Where the denominator is 0 (nothing labelled, nothing predicted) value and
 * gradient are 0. alpha = beta = 1/2 is {@link Dice} (with half of its smoothing), 1 and 1 {@link Jaccard}.
 *
 * <p>Use it with beta above alpha where a miss is worse than a false alarm.
 *
 * <p>Elsewhere: MONAI and Keras {@code Tversky} (the same alpha and beta), segmentation_models {@code TverskyLoss}, Flux
 * {@code tversky_loss} (its beta is alpha here, beta is 1 minus that, both smoothed by 1).
 *
 * <p>Example: p = (0.8, 0.4), y = (1, 0), one column, alpha = 0.3, beta = 0.7, without smoothing: 1 - 0.8 / 1.06 =
 * 0.245283.
 *
 * <p>Source: Salehi et al., Tversky Loss Function for Image Segmentation, 2017.
 *
 * @param alpha weight of false positives, at least 0; default 0.3
 * @param beta weight of false negatives, at least 0, not 0 together with alpha; default 0.7
 * @param axis what the sums go over; default class
 * @param counts how soft counts are made: product, squared or minimum; default product
 * @param smoothNumerator added above, at least 0; default 1e-5
 * @param smoothDenominator added below, at least 0; default 1e-5
 * @param absent what a class without labels costs: count, free or skip; default count
 * @param input logits or probabilities; default probabilities
 * @param activation what makes probabilities of logits: sigmoid or softmax; any for probabilities (default)
 */
public record Tversky(
        double alpha,
        double beta,
        OverlapAxis axis,
        SoftCounts counts,
        double smoothNumerator,
        double smoothDenominator,
        AbsentClasses absent,
        InputForm input,
        Activation activation)
        implements LossSpec {
    private static final String ID = "tversky";

    /** As registered: {@code tversky}. */
    public static final LossType<Tversky> TYPE = LossType.of(
            Tversky.class,
            ID,
            Map.ofEntries(
                    Map.entry("alpha", 0.3),
                    Map.entry("beta", 0.7),
                    Map.entry("axis", OverlapAxis.CLASS),
                    Map.entry("counts", SoftCounts.PRODUCT),
                    Map.entry("smooth_numerator", 1e-5),
                    Map.entry("smooth_denominator", 1e-5),
                    Map.entry("absent", AbsentClasses.COUNT),
                    Map.entry("input", InputForm.PROBABILITIES),
                    Map.entry("activation", Activation.ANY)));

    /** Checks the ranges. */
    public Tversky {
        check(ID, alpha, beta);
        Check.atLeast(0, ID, "smooth_numerator", smoothNumerator);
        Check.atLeast(0, ID, "smooth_denominator", smoothDenominator);
        Check.probabilities(ID, input, activation);
    }

    /** Over probabilities and each class, with the default smoothing. */
    public Tversky(double alpha, double beta) {
        this(alpha, beta, OverlapAxis.CLASS, InputForm.PROBABILITIES, Activation.ANY);
    }

    /** With product counts, the default smoothing, and absent classes counted. */
    public Tversky(double alpha, double beta, OverlapAxis axis, InputForm input, Activation activation) {
        this(alpha, beta, axis, SoftCounts.PRODUCT, 1e-5, 1e-5, AbsentClasses.COUNT, input, activation);
    }

    static void check(String who, double alpha, double beta) {
        Check.atLeast(0, who, "alpha", alpha);
        Check.atLeast(0, who, "beta", beta);
        if (alpha == 0 && beta == 0) {
            throw Check.wrong(who, "alpha and beta are both 0, so no mistake costs anything", "set one of them");
        }
    }

    @Override
    public LossSpec formula(int columns) {
        return Overlap.ofProbabilities(
                axis,
                this,
                absent,
                new CountedLoss(counts, new OverlapRatio(1, alpha, beta, smoothNumerator, smoothDenominator)));
    }

    @Override
    public @Nullable LossSpec overLogits(Activation wanted) {
        return Overlap.twin(
                this,
                wanted,
                a -> new Tversky(
                        alpha, beta, axis, counts, smoothNumerator, smoothDenominator, absent, InputForm.LOGITS, a));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
