package io.loss4j.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lovasz-softmax loss: mean intersection over union of classes, made continuous in the probabilities.
 *
 * <pre>
 *   value   = sum_i e_(i) (J_i - J_(i-1)) of a class     e_(1) >= e_(2) >= ...,  e = |y - p|; then the mean of the classes
 *   J_i     = one minus intersection over union if the elements of the i largest errors are wrong, all others right
 *   d/dp    = sign(p - y) (J_i - J_(i-1)), 0 where p = y
 * </pre>
 *
 * <p>Labels and probabilities are from 0 to 1; the value is too, and 0 for a perfect prediction. It is piecewise linear:
 * where errors are equal, the first element counts as the larger one. Columns may be classes (one-hot, soft or index labels)
 * or, with the activation sigmoid, each a yes or no of its own. Along the axis row there is a term per row; along the
 * others a single one for the whole batch, without a score per example (L4J-P07), and losses of batches do not add up.
 * Class weights weigh the classes of the mean along the axis class, and elements along the others; masked elements and
 * ignored labels do not exist.
 *
 * <p>Use it with, or after, cross-entropy where mean intersection over union is what is reported.
 *
 * <p>Elsewhere: {@code lovasz_softmax} of the authors ({@code classes='present'} is absent skip, {@code 'all'} count;
 * {@code per_image} is a batch per image) and of segmentation_models.
 *
 * <p>Example: p = (0.8, 0.4), y = (1, 0), one column: errors 0.4, 0.2 for labels 0, 1: 0.4 / 2 + 0.2 / 2 = 0.3.
 *
 * <p>Source: Berman et al., The Lovasz-Softmax Loss, 2018.
 *
 * @param axis what the sums go over; default class
 * @param absent what a class without labels costs: count, free or skip; default skip
 * @param input logits or probabilities; default probabilities
 * @param activation what makes probabilities of logits: sigmoid or softmax; any for probabilities (default)
 */
public record LovaszSoftmax(OverlapAxis axis, AbsentClasses absent, InputForm input, Activation activation)
        implements LossSpec {
    private static final String ID = "lovasz_softmax";

    /** As registered: {@code lovasz_softmax}. */
    public static final LossType<LovaszSoftmax> TYPE = LossType.of(
            LovaszSoftmax.class,
            ID,
            Map.of(
                    "axis", OverlapAxis.CLASS,
                    "absent", AbsentClasses.SKIP,
                    "input", InputForm.PROBABILITIES,
                    "activation", Activation.ANY));

    /** Checks the form of the predictions. */
    public LovaszSoftmax {
        Check.probabilities(ID, input, activation);
    }

    /** Over probabilities and the classes that are present. */
    public LovaszSoftmax() {
        this(OverlapAxis.CLASS, AbsentClasses.SKIP, InputForm.PROBABILITIES, Activation.ANY);
    }

    @Override
    public LossSpec formula(int columns) {
        return Overlap.ofProbabilities(axis, this, absent, new LovaszExtension(false));
    }

    @Override
    public @Nullable LossSpec overLogits(Activation wanted) {
        return Overlap.twin(this, wanted, a -> new LovaszSoftmax(axis, absent, InputForm.LOGITS, a));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
