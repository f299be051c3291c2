package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dice loss: one minus the overlap of what is predicted and what is labelled, relative to the mean of their sizes.
 *
 * <pre>
 *   value   = 1 - (2 I + a) / (P + Y + b)            a, b = smooth_numerator, smooth_denominator
 *   I       = sum w y p     P = sum w p     Y = sum w y       counts squared: P = sum w p^2, Y = sum w y^2
 *   d/dp    = w [(2 I + a) / (P + Y + b) - 2 y] / (P + Y + b)   counts product; a softmax or sigmoid is chained on
 * </pre>
 *
 * <p>Labels and probabilities are from 0 to 1; columns may be classes (one-hot, soft or index labels) or, with the activation
 * sigmoid, each a yes or no of its own. Along the axis row there is a term per row; along the others a single one for the
 * whole batch, without a score per example (L4J-P07), and losses of batches do not add up: use batches of one size.
 * Class weights weigh the classes of the mean along the axis class, and elements along the others; masked elements and
 * ignored labels are in no sum. Where the denominator is 0 (nothing labelled, nothing predicted) value and
 * gradient are 0. A class without labels costs up to 1; without smoothing no gradient comes from it. At a perfect
 * prediction the value is 0.
 *
 * <p>Use it for segmentation and other labels of which few are positive, mostly together with cross-entropy in a
 * {@link WeightedSum}; batches should hold positives of every class.
 *
 * <p>Elsewhere: MONAI {@code DiceLoss} (its smoothing; per item and class, which is the axis row of arrays whose rows
 * are item and class), Keras {@code Dice} (axis batch, 0 above, 1e-7 below), segmentation_models {@code DiceLoss} (axis
 * class, absent free), Flux {@code dice_coeff_loss} (axis batch, counts squared, 1 and 1).
 *
 * <p>Example: p = (0.8, 0.4), y = (1, 0), one column, without smoothing: 1 - 1.6 / 2.2 = 0.272727.
 *
 * <p>Source: Milletari et al., V-Net, 2016.
 *
 * @param axis what the sums go over; default class
 * @param counts how soft counts are made: product, squared or minimum; default product
 * @param smoothNumerator added above, at least 0; default 1e-5
 * @param smoothDenominator added below, at least 0; default 1e-5
 * @param absent what a class without labels costs: count, free or skip; default count
 * @param input logits or probabilities; default probabilities
 * @param activation what makes probabilities of logits: sigmoid or softmax; any for probabilities (default)
 */
public record Dice(
        OverlapAxis axis,
        SoftCounts counts,
        double smoothNumerator,
        double smoothDenominator,
        AbsentClasses absent,
        InputForm input,
        Activation activation)
        implements LossSpec {
    private static final String ID = "dice";

    /** As registered: {@code dice}. */
    public static final LossType<Dice> TYPE = LossType.of(
            Dice.class,
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
    public Dice {
        Check.atLeast(0, ID, "smooth_numerator", smoothNumerator);
        Check.atLeast(0, ID, "smooth_denominator", smoothDenominator);
        Check.probabilities(ID, input, activation);
    }

    /** Over probabilities and each class, with the default smoothing. */
    public Dice() {
        this(OverlapAxis.CLASS, InputForm.PROBABILITIES, Activation.ANY);
    }

    /** With product counts, the default smoothing, and absent classes counted. */
    public Dice(OverlapAxis axis, InputForm input, Activation activation) {
        this(axis, SoftCounts.PRODUCT, 1e-5, 1e-5, AbsentClasses.COUNT, input, activation);
    }

    @Override
    public LossSpec formula(int columns) {
        return Overlap.ofProbabilities(
                axis,
                this,
                absent,
                new CountedLoss(counts, new OverlapRatio(2, 1, 1, smoothNumerator, smoothDenominator)));
    }

    @Override
    public @Nullable LossSpec overLogits(Activation wanted) {
        return Overlap.twin(
                this,
                wanted,
                a -> new Dice(axis, counts, smoothNumerator, smoothDenominator, absent, InputForm.LOGITS, a));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
