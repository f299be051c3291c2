package io.loss4j.loss;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An affine change of the logits before the softmax: z'_k = scale (z_k + bias_k - margin_k t_k), where t_k is the label
 * as it was given (1 at the class index), before smoothing, weights and masks. The scale multiplies the gradient too.
 * Immutable and compared by content.
 */
public final class LogitTransform implements Serializable {
    private static final long serialVersionUID = 1L;

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
        Check.above(0, "logit transform", "scale", scale);
        this.scale = scale;
        this.bias = finite("bias", bias);
        this.margin = finite("margin", margin);
        if (bias != null && margin != null && bias.length != margin.length) {
            throw Check.wrong(
                    "logit transform",
                    bias.length + " biases and " + margin.length + " margins, expected as many of each",
                    "give one per class");
        }
    }

    private static double @Nullable [] finite(String name, double @Nullable [] values) {
        return values == null
                ? null
                : Check.each("logit transform", name, PerColumn.of(values), Double::isFinite, "a finite number")
                        .toArray();
    }

    /**
     * The shift of logit adjustment: bias_k = tau log(n_k / sum n). The network learns to beat the priors; leave the
     * shift out when predicting.
     *
     * @param classCounts n, all above 0
     * @param tau strength, above 0
     */
    public static LogitTransform priors(PerColumn classCounts, double tau) {
        double[] bias =
                Check.perClass("logit adjustment", "class_counts", classCounts).toArray();
        Check.above(0, "logit adjustment", "tau", tau);
        double total = Arrays.stream(bias).sum();
        Arrays.setAll(bias, k -> tau * Math.log(bias[k] / total));
        return new LogitTransform(1, bias, null);
    }

    /**
     * Margins that are the wider the rarer the class: margin_k = maxMargin (n_k / min n)^(-1/4).
     *
     * @param classCounts n, all above 0
     * @param maxMargin the margin of the rarest class, at least 0
     * @param scale of the logits, above 0
     */
    public static LogitTransform margins(PerColumn classCounts, double maxMargin, double scale) {
        double[] margin = Check.perClass("margins", "class_counts", classCounts).toArray();
        Check.atLeast(0, "margins", "max_margin", maxMargin);
        double rarest = Arrays.stream(margin).min().getAsDouble();
        Arrays.setAll(margin, k -> maxMargin / Math.sqrt(Math.sqrt(margin[k] / rarest)));
        return new LogitTransform(scale, null, margin);
    }

    /** This change followed by another. */
    public LogitTransform then(LogitTransform next) {
        if (isIdentity() || next.isIdentity()) {
            return isIdentity() ? next : this;
        }
        // s2 (s1 (z + b1 - m1 t) + b2 - m2 t) = s1 s2 (z + (b1 + b2 / s1) - (m1 + m2 / s1) t)
        return new LogitTransform(scale * next.scale, sum(bias, next.bias, scale), sum(margin, next.margin, scale));
    }

    private static double @Nullable [] sum(double @Nullable [] first, double @Nullable [] second, double divisor) {
        if (second == null) {
            return first;
        }
        double[] sum = new double[second.length];
        Arrays.setAll(sum, k -> (first == null ? 0 : first[k]) + second[k] / divisor);
        return sum;
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

    /** How many classes this is made for, or 0 for any number. */
    public int columns() {
        return bias != null ? bias.length : margin != null ? margin.length : 0;
    }

    /** Whether logits pass unchanged. */
    public boolean isIdentity() {
        return scale == 1 && bias == null && margin == null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogitTransform that
                && scale == that.scale
                && Arrays.equals(bias, that.bias)
                && Arrays.equals(margin, that.margin);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Double.hashCode(scale) + Arrays.hashCode(bias)) + Arrays.hashCode(margin);
    }

    @Override
    public String toString() {
        return "scale " + scale + ", bias " + Arrays.toString(bias) + ", margin " + Arrays.toString(margin);
    }
}
