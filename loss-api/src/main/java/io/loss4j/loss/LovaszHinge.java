package io.loss4j.loss;

import java.util.Map;

/**
 * Lovasz hinge: intersection over union of yes/no labels, made continuous in the scores of the network.
 *
 * <pre>
 *   value   = sum_i max(0, e_(i)) (J_i - J_(i-1))     e_(1) >= e_(2) >= ...,  e = 1 - x (2y - 1)
 *   J_i     = one minus intersection over union if the elements of the i largest errors are wrong, all others right
 *   d/dx    = (1 - 2y) (J_i - J_(i-1)) where e > 0, else 0
 * </pre>
 *
 * <p>Scores are any numbers, the logits of a sigmoid; labels are 0 or 1, or between (they then count in part), or class
 * indices, one yes among the columns. The value is at least 0, and 0 when every score is at least 1 on its side; it grows
 * linearly with the largest errors. It is piecewise linear: where errors are equal, the first element counts as the larger
 * one. Without positive labels only the largest error counts. Along the axis row there is a term per row (an image per row,
 * a column per pixel); along the others a single one for the whole batch, without a score per example (L4J-P07), and
 * losses of batches do not add up. Class weights weigh the classes of the mean along the axis class, and elements along
 * the others; masked elements and ignored labels do not exist.
 *
 * <p>Use it to tune a segmentation network, trained by cross-entropy, for intersection over union.
 *
 * <p>Elsewhere: {@code lovasz_hinge} of the authors and of segmentation_models ({@code per_image} is the axis row).
 *
 * <p>Example: x = (0.5, -0.2, 0.3), y = (1, 1, 0), one column: errors 1.3, 1.2, 0.5 for labels 0, 1, 1: 1.3 / 3 + 1.2 / 3 +
 * 0.5 / 3 = 1.
 *
 * <p>Source: Berman et al., The Lovasz-Softmax Loss, 2018.
 *
 * @param axis what the sums go over; default batch
 */
public record LovaszHinge(OverlapAxis axis) implements LossSpec {
    /** As registered: {@code lovasz_hinge}. */
    public static final LossType<LovaszHinge> TYPE =
            LossType.of(LovaszHinge.class, "lovasz_hinge", Map.of("axis", OverlapAxis.BATCH));

    /** Over the whole batch. */
    public LovaszHinge() {
        this(OverlapAxis.BATCH);
    }

    @Override
    public LossSpec formula(int columns) {
        return Overlap.ofScores(axis, this, new LovaszExtension(true));
    }

    @Override
    public InputForm input() {
        return InputForm.LOGITS;
    }

    @Override
    public Activation activation() {
        return Activation.SIGMOID;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
