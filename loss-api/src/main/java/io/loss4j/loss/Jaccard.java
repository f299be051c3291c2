package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jaccard loss: one minus intersection over union.
 *
 * <pre>
 *   value   = 1 - (I + a) / (P + Y - I + b)          a, b = smooth_numerator, smooth_denominator
 *   I       = sum w y p     P = sum w p     Y = sum w y       counts squared: P = sum w p^2, Y = sum w y^2
 *   d/dp    = w [(1 - y) (I + a) - y (P + Y - I + b)] / (P + Y - I + b)^2
 * </pre>
 *
 * <p>Labels and probabilities are from 0 to 1; columns may be classes (one-hot, soft or index labels) or, with the activation
 * sigmoid, each a yes or no of its own. Along the axis row there is a term per row; along the others a single one for the
 * whole batch, without a score per example (L4J-P07), and losses of batches do not add up: use batches of one size.
 * Class weights weigh the classes of the mean along the axis class, and elements along the others; masked elements and
 * ignored labels are in no sum. Where the denominator is 0 (nothing labelled, nothing predicted) value and
 * gradient are 0. A class without labels costs up to 1; without smoothing no gradient comes from it.
 *
 * <p>Use it where intersection over union is what is reported; it punishes single bad classes more than {@link Dice},
 * whose score d gives d / (2 - d) here.
 *
 * <p>Elsewhere: MONAI {@code DiceLoss(jaccard=True)} (half of its smoothing), segmentation_models {@code JaccardLoss}
 * (axis class, absent free), kornia and others as IoU loss.
 *
 * <p>Example: p = (0.8, 0.4), y = (1, 0), one column, without smoothing: 1 - 0.8 / 1.4 = 0.428571.
 *
 * <p>Source: Rahman and Wang, Optimizing Intersection-Over-Union in Deep Neural Networks, 2016.
 *
 * @param axis what the sums go over; default class
 * @param counts how soft counts are made: product, squared or minimum; default product
 * @param smoothNumerator added above, at least 0; default 1e-5
 * @param smoothDenominator added below, at least 0; default 1e-5
 * @param absent what a class without labels costs: count, free or skip; default count
 * @param input logits or probabilities; default probabilities
 * @param activation what makes probabilities of logits: sigmoid or softmax; any for probabilities (default)
 */
public record Jaccard(
        OverlapAxis axis,
        SoftCounts counts,
        double smoothNumerator,
        double smoothDenominator,
        AbsentClasses absent,
        InputForm input,
        Activation activation)
        implements LossSpec {
    private static final String ID = "jaccard";

    /** As registered: {@code jaccard}. */
    public static final LossType<Jaccard> TYPE = LossType.of(
            Jaccard.class,
            ID,
            Map.ofEntries(
                    Map.entry("axis", OverlapAxis.CLASS),
                    Map.entry("counts", SoftCounts.PRODUCT),
                    Map.entry("smooth_numerator", 1e-5),
                    Map.entry("smooth_denominator", 1e-5),
                    Map.entry("absent", AbsentClasses.COUNT),
                    Map.entry("input", InputForm.PROBABILITIES),
                    Map.entry("activation", Activation.ANY)));

    /** Checks the ranges. */
    public Jaccard {
        Check.atLeast(0, ID, "smooth_numerator", smoothNumerator);
        Check.atLeast(0, ID, "smooth_denominator", smoothDenominator);
        Check.probabilities(ID, input, activation);
    }

    /** Over probabilities and each class, with the default smoothing. */
    public Jaccard() {
        this(OverlapAxis.CLASS, InputForm.PROBABILITIES, Activation.ANY);
    }

    /** With product counts, the default smoothing, and absent classes counted. */
    public Jaccard(OverlapAxis axis, InputForm input, Activation activation) {
        this(axis, SoftCounts.PRODUCT, 1e-5, 1e-5, AbsentClasses.COUNT, input, activation);
    }

    @Override
    public LossSpec formula(int columns) {
        return Overlap.ofProbabilities(
                axis,
                this,
                absent,
                new CountedLoss(counts, new OverlapRatio(1, 1, 1, smoothNumerator, smoothDenominator)));
    }

    @Override
    public @Nullable LossSpec overLogits(Activation wanted) {
        return Overlap.twin(
                this,
                wanted,
                a -> new Jaccard(axis, counts, smoothNumerator, smoothDenominator, absent, InputForm.LOGITS, a));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
