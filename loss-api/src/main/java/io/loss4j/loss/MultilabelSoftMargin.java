package io.loss4j.loss;

import java.util.Map;

/**
 * Binary cross-entropy of every column from logits, averaged over the columns.
 *
 * <pre>
 *   value = (1/K) sum_k [y_k softplus(-x_k) + (1 - y_k) softplus(x_k)]
 *   d/dx_k = (sigmoid(x_k) - y_k) / K
 * </pre>
 *
 * <p>{@link SigmoidCrossEntropy} divided by the number of columns, and elementwise like it: class weights multiply whole
 * columns, positive weights the y-term, masks of elements single terms. Its unreduced terms are the summands; MEAN divides
 * them by their number, so the mean over rows is BATCH_MEAN.
 *
 * <p>Use it to get PyTorch's scale; otherwise {@link SigmoidCrossEntropy} with MEAN says the same.
 *
 * <p>Elsewhere: PyTorch {@code MultiLabelSoftMarginLoss}; its mean is BATCH_MEAN, its {@code none} is {@code perRow}, its
 * {@code weight} are class weights.
 *
 * <p>Example: x = (0, 0), whatever the labels: ln 2 = 0.693147.
 *
 * <p>Source: Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.2.
 */
public record MultilabelSoftMargin() implements LossSpec {
    /** As registered: {@code multilabel_soft_margin}. */
    public static final LossType<MultilabelSoftMargin> TYPE =
            LossType.of(MultilabelSoftMargin.class, "multilabel_soft_margin", Map.of());

    private static final BinaryLoss CROSS_ENTROPY = new SigmoidCrossEntropy();

    @Override
    public InputForm input() {
        return InputForm.LOGITS;
    }

    @Override
    public Activation activation() {
        return Activation.SIGMOID;
    }

    @Override
    public LossSpec formula(int columns) {
        return new Column(columns);
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }

    /**
     * The formula: what one of so many columns contributes.
     *
     * @param columnCount K
     */
    public record Column(int columnCount) implements BinaryLoss {
        @Override
        public double value(double x, double y, double positiveWeight) {
            return CROSS_ENTROPY.value(x, y, positiveWeight) / columnCount;
        }

        @Override
        public double derivative(double x, double y, double positiveWeight) {
            return CROSS_ENTROPY.derivative(x, y, positiveWeight) / columnCount;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }
}
