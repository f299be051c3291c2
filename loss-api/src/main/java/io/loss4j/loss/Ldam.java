package io.loss4j.loss;

import java.util.Map;

/**
 * Label-distribution-aware margin loss: the rarer the true class, the larger the lead that its logit must have.
 *
 * <pre>
 *   value  = -log softmax(scale (z - m e_y))_y     m = max_margin (n_y / min n)^(-1/4)
 *   d/dz_j = scale (softmax(scale (z - m e_y))_j - [j = y])
 * </pre>
 *
 * <p>Domain and limits are those of {@link SoftmaxCrossEntropy}. The rarest class has the margin max_margin. For soft labels
 * every logit is reduced by its class's margin times its label.
 *
 * <p>Use it for long-tailed classes, usually with normalised features and weights, and class weights in the last epochs.
 *
 * <p>Elsewhere: the code of the paper; kozistr {@code LDAMLoss}, the same.
 *
 * <p>Example: logits (0, 0), counts (16, 1), max_margin = 0.5, scale = 1: margins (0.25, 0.5); label 1: ln(1 + e^0.5) =
 * 0.974077.
 *
 * <p>Source: Cao et al., Learning Imbalanced Datasets with Label-Distribution-Aware Margin Loss, 2019.
 *
 * @param classCounts how often each class occurs, all above 0
 * @param maxMargin the margin of the rarest class, at least 0; default 0.5
 * @param scale multiplies the logits, above 0; default 30
 */
public record Ldam(PerColumn classCounts, double maxMargin, double scale) implements SoftmaxLoss {
    private static final String ID = "ldam";

    /** As registered: {@code ldam}. */
    public static final LossType<Ldam> TYPE = LossType.of(Ldam.class, ID, Map.of("max_margin", 0.5, "scale", 30.0));

    /** Checks the ranges. */
    public Ldam {
        Check.perClass(ID, "class_counts", classCounts);
        Check.atLeast(0, ID, "max_margin", maxMargin);
        Check.above(0, ID, "scale", scale);
    }

    /** With the margin 0.5 and the scale 30 of the paper's code. */
    public Ldam(PerColumn classCounts) {
        this(classCounts, 0.5, 30);
    }

    @Override
    public double value(double logProbability) {
        return -logProbability;
    }

    @Override
    public double derivative(double logProbability) {
        return -1;
    }

    @Override
    public LogitTransform logits() {
        return LogitTransform.margins(classCounts, maxMargin, scale);
    }

    @Override
    public int columns() {
        return classCounts.columns();
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
