package io.loss4j.loss;

import java.util.Arrays;
import java.util.Map;

/**
 * Negative log-likelihood of a mixture of round normal distributions, all of whose parameters the network predicts.
 *
 * <pre>
 *   value = -log sum_i a_i N(y; mu_i, sigma_i)       a = softmax, sigma_i = e^s_i, W = label_width
 *   log N = -W/2 log(2 pi) - W s_i - |y - mu_i|^2 / (2 sigma_i^2)
 *   with r_i = a_i N_i / sum a N, what component i explains:
 *   d/da logit = a_i - r_i      d/ds_i = r_i (W - |y - mu_i|^2 / sigma_i^2)      d/dmu_i = r_i (mu_i - y) / sigma_i^2
 * </pre>
 *
 * <p>A row of predictions for C components has (W + 2) C columns: C logits of the shares a, C logarithms of the deviations
 * sigma, then the C means mu_i with W columns each. A row of labels has W columns. Sums of exponentials are taken from
 * their largest term, so far labels neither underflow nor lose the gradient. sigma^2 is at least epsilon, below which its
 * gradient is 0. Masks weigh rows; there are no weights of columns.
 *
 * <p>Use it for regression with several possible answers: inverse problems, trajectories, handwriting.
 *
 * <p>Elsewhere: Deeplearning4j {@code LossMixtureDensity} has the same layout, without logarithms of sums: it gives infinity
 * or NaN for labels far from all means.
 *
 * <p>Example: two components of equal share, sigma = 1, mu = -1 and 1, label 0: ln(2 pi) / 2 + 0.5 = 1.418939.
 *
 * <p>Source: Bishop, Mixture Density Networks, 1994. Replaces Deeplearning4j's LossMixtureDensity.
 *
 * @param components C, at least 1
 * @param labelWidth W, at least 1
 * @param epsilon the smallest sigma^2, above 0; default 1e-12
 */
public record MixtureDensity(int components, int labelWidth, double epsilon) implements RowLoss {
    private static final String ID = "mixture_density";

    /** As registered: {@code mixture_density}. */
    public static final LossType<MixtureDensity> TYPE = LossType.of(MixtureDensity.class, ID, Map.of("epsilon", 1e-12));

    /** Checks the ranges. */
    public MixtureDensity {
        Check.atLeast(1, ID, "components", components);
        Check.atLeast(1, ID, "label_width", labelWidth);
        Check.above(0, ID, "epsilon", epsilon);
    }

    /** With sigma^2 of at least 1e-12. */
    public MixtureDensity(int components, int labelWidth) {
        this(components, labelWidth, 1e-12);
    }

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        double[] logShare = LogSoftmax.of(Arrays.copyOf(predictions, components));
        double floor = Math.log(epsilon) / 2;
        double[] joint = new double[components]; // log of a_i N_i
        double[] distance = new double[components]; // in squared deviations
        for (int i = 0; i < components; i++) {
            double s = Math.max(predictions[components + i], floor);
            for (int w = 0; w < labelWidth; w++) {
                double d = (targets[w] - predictions[mean(i, w)]) * Math.exp(-s);
                distance[i] += d * d;
            }
            joint[i] = logShare[i] - labelWidth * (GaussianNll.LOG_TWO_PI / 2 + s) - distance[i] / 2;
        }
        double[] logExplained = LogSoftmax.of(joint);
        for (int i = 0; i < components; i++) {
            double explained = Math.exp(logExplained[i]);
            double logDeviation = predictions[components + i];
            double precision = Math.exp(-2 * Math.max(logDeviation, floor));
            gradient[i] = Math.exp(logShare[i]) - explained;
            gradient[components + i] = logDeviation < floor ? 0 : explained * (labelWidth - distance[i]);
            for (int w = 0; w < labelWidth; w++) {
                gradient[mean(i, w)] = explained * (predictions[mean(i, w)] - targets[w]) * precision;
            }
        }
        int top = LogSoftmax.top(joint);
        return logExplained[top] - joint[top]; // both finite, also where other components explain nothing
    }

    private int mean(int component, int w) {
        return 2 * components + component * labelWidth + w;
    }

    @Override
    public int labelColumns(int columns) {
        Check.columns(ID, Math.multiplyExact(labelWidth + 2, components), columns);
        return labelWidth;
    }

    @Override
    public boolean classification() {
        return false;
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
