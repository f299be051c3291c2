package io.loss4j.loss;

import java.util.Map;

/**
 * Jensen-Shannon divergence between the predicted distribution and that of the labels, element by element: symmetric,
 * and never infinite.
 *
 * <pre>
 *   value = [p log(p / m) + y log(y / m)] / 2       d/dp = log(p / m) / 2       m = (p + y) / 2,  0 log 0 = 0
 * </pre>
 *
 * <p>p and y are probabilities, from 0 to 1; rounding beyond is forgiven. An element costs at most (ln 2) / 2, where one of
 * p and y is 1 and the other 0. Towards p = 0 the derivative falls to -inf where y is above 0, and ends at -50. With
 * BATCH_MEAN the result is the divergence per row, from 0 to ln 2.
 *
 * <p>Use it to compare two predictions, as for consistency between augmentations, where neither is the truth, or labels
 * that are 0 where the prediction is not; otherwise {@link KlDivergence}.
 *
 * <p>Elsewhere: Kornia's js_div_loss_2d, summed over space and averaged over images and channels. PyTorch, Keras, optax and
 * Deeplearning4j leave it to be made of two KL divergences.
 *
 * <p>Example: p = 0.25, y = 0.75: (0.25 ln 0.5 + 0.75 ln 1.5) / 2 = 0.065406.
 *
 * <p>Source: Lin, Divergence Measures Based on the Shannon Entropy, 1991.
 */
public record JsDivergence() implements ElementwiseLoss {
    /** As registered: {@code js_divergence}. */
    public static final LossType<JsDivergence> TYPE = LossType.of(JsDivergence.class, "js_divergence", Map.of());

    private static final double LOG_2 = Math.log(2);

    @Override
    public double value(double x, double y) {
        double p = Probability.clamp(x);
        double sum = p + y;
        if (sum == 0) {
            return 0;
        }
        double r = (y - p) / sum;
        if (Math.abs(r) < 0.5) {
            // (1+r) log(1+r) + (1-r) log(1-r), whose terms cancel to r^2, with most of it in the second product
            return 0.25 * sum * (Math.log1p(-r * r) + r * (Math.log1p(r) - Math.log1p(-r)));
        }
        return 0.5
                * (Probability.weighted(p, Math.log(2 * (p / sum))) + Probability.weighted(y, Math.log(2 * (y / sum))));
    }

    @Override
    public double derivative(double x, double y) {
        double p = Probability.clamp(x);
        double sum = p + y;
        if (sum == 0) {
            return 0.5 * LOG_2; // as for any other p where y = 0
        }
        double r = (y - p) / sum;
        return 0.5 * (Math.abs(r) < 0.5 ? Math.log1p(-r) : Probability.log(2 * (p / sum)));
    }

    @Override
    public InputForm input() {
        return InputForm.PROBABILITIES;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
