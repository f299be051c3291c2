package io.loss4j.loss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An affine change of the logits before the softmax: z'_k = scale (z_k + bias_k - margin_k t_k), where t_k is the label
 * as it was given (1 at the class index), before smoothing, weights and masks. The scale multiplies the gradient too.
 */
public final class LogitTransform {
    /** Leaves the logits alone. */
    public static final LogitTransform IDENTITY = new LogitTransform(1, null, null);

    private final double scale;
    private final double @Nullable [] bias;
    private final double @Nullable [] margin;

    /**
     * @param scale multiplies the shifted logits; above 0
     * @param bias added to each column, or null
     * @param margin taken off the logit of the true class, by class, or null
     */
    public LogitTransform(double scale, double @Nullable [] bias, double @Nullable [] margin) {
        this.scale = scale;
        this.bias = bias == null ? null : bias.clone();
        this.margin = margin == null ? null : margin.clone();
    }

    /** The factor of the shifted logits. */
    public double scale() {
        return scale;
    }

    /** A copy of the biases by column, or null if there are none. */
    public double @Nullable [] bias() {
        return bias == null ? null : bias.clone();
    }

    /** A copy of the margins by class, or null if there are none. */
    public double @Nullable [] margin() {
        return margin == null ? null : margin.clone();
    }

    /** Whether logits pass unchanged. */
    public boolean isIdentity() {
        return scale == 1 && bias == null && margin == null;
    }

    @Override
    public String toString() {
        return "scale " + scale + ", bias " + Arrays.toString(bias) + ", margin " + Arrays.toString(margin);
    }
}
