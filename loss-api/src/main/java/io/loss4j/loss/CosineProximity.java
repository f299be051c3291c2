package io.loss4j.loss;

import java.util.Map;

/**
 * The negative cosine of the angle between a row of outputs and its labels.
 *
 * <pre>
 *   value = -cos = -(x . y) / (|x| |y|)
 *   d/dx  = -(y / |y| - cos x / |x|) / |x|
 * </pre>
 *
 * <p>From -1 (same direction) to 1. Lengths do not matter, so a row whose outputs or labels are all 0 (a length below
 * 1.2e-38, the smallest normal float) has no direction: value and gradient are 0. Class weights multiply the labels, and so
 * turn their direction; a mask of elements takes columns out of the labels only.
 *
 * <p>Use it for embeddings, where the direction carries the meaning.
 *
 * <p>Elsewhere: Keras {@code CosineSimilarity}, the same (its squared lengths are at least 1e-12); optax
 * {@code cosine_distance} is 1 more; Deeplearning4j adds an epsilon to lengths of 0.
 *
 * <p>Example: x = (3, 4), y = (1, 0): -0.6.
 *
 * <p>Source: Salton, Wong and Yang, A Vector Space Model for Automatic Indexing, 1975. Replaces Deeplearning4j's
 * COSINE_PROXIMITY.
 */
public record CosineProximity() implements RowLoss {
    /** As registered: {@code cosine_proximity}. */
    public static final LossType<CosineProximity> TYPE =
            LossType.of(CosineProximity.class, "cosine_proximity", Map.of());

    @Override
    public double evaluate(double[] predictions, double[] targets, double[] gradient) {
        double x = length(predictions);
        double y = length(targets);
        boolean directed = !(x < Float.MIN_NORMAL || y < Float.MIN_NORMAL);
        double cosine = 0;
        for (int k = 0; k < predictions.length && directed; k++) {
            cosine += predictions[k] / x * (targets[k] / y);
        }
        for (int k = 0; k < predictions.length; k++) {
            gradient[k] = directed ? (cosine * (predictions[k] / x) - targets[k] / y) / x : 0;
        }
        return -cosine;
    }

    /** The Euclidean length; divided by the largest number first, so that squares neither overflow nor vanish. */
    private static double length(double[] v) {
        double largest = 0;
        for (double each : v) {
            largest = Math.max(largest, Math.abs(each));
        }
        if (largest == 0) {
            return 0;
        }
        double sum = 0;
        for (double each : v) {
            sum += each / largest * (each / largest);
        }
        return largest * Math.sqrt(sum);
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
