package io.loss4j.loss;

import java.util.Map;

/**
 * Negative log-likelihood of positive amounts under a gamma distribution, of which the logarithm of the mean is predicted.
 *
 * <pre>
 *   value = x + y e^-x       d/dx = 1 - y e^-x
 * </pre>
 *
 * <p>y is at least 0, e^x the predicted mean. Terms of the label alone and the shape, which scales everything, are left
 * out: for a shape of 1, the exponential distribution, this is the whole likelihood. It is lowest at e^x = y. The value
 * grows as x for large x and exponentially for x to -inf, where it overflows to infinity below -709; for a label of 0 it
 * has no lowest value.
 *
 * <p>Use it for amounts whose spread grows with their size: claims, durations, rainfall on wet days.
 *
 * <p>Elsewhere: scikit-learn's GammaRegressor, XGBoost's reg:gamma and LightGBM's gamma have the same gradient; their
 * values add terms of the label. PyTorch, Keras, optax and Deeplearning4j do not have it.
 *
 * <p>Example: x = ln 2, y = 3: ln 2 + 1.5 = 2.193147.
 *
 * <p>Source: McCullagh and Nelder, Generalized Linear Models, 1989, chapter 8.
 */
public record GammaNll() implements ElementwiseLoss {
    /** As registered: {@code gamma_nll}. */
    public static final LossType<GammaNll> TYPE = LossType.of(GammaNll.class, "gamma_nll", Map.of());

    @Override
    public double value(double x, double y) {
        return x + Probability.weighted(y, Math.exp(-x));
    }

    @Override
    public double derivative(double x, double y) {
        return 1 - Probability.weighted(y, Math.exp(-x));
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
