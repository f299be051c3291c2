package io.loss4j;

import java.util.function.ToDoubleFunction;

/** How the terms of a batch become one number. A mean over nothing is 0 with a zero gradient. */
public enum Reduction {
    /** Unreduced: one term per row (softmax and row losses) or per element. The scalar value is then their sum. */
    NONE(d -> 1),
    /** The sum. */
    SUM(d -> 1),
    /** The sum divided by the number of rows (elements) that are neither masked nor ignored. */
    MEAN(d -> inverse(d.counted())),
    /**
     * The sum divided by the sum of the weights of the counted terms: of a row, its mask times the class weight of its
     * label; of an element, its mask times the class weight of its column. PyTorch's mean for class indices.
     */
    WEIGHTED_MEAN(d -> inverse(d.weight())),
    /** The sum divided by the number of rows, masked or not. */
    BATCH_MEAN(d -> inverse(d.rows()));

    private final ToDoubleFunction<Denominators> scale;

    Reduction(ToDoubleFunction<Denominators> scale) {
        this.scale = scale;
    }

    /** What the sum is multiplied by. */
    double scale(Denominators denominators) {
        return scale.applyAsDouble(denominators);
    }

    private static double inverse(double denominator) {
        return denominator > 0 ? 1 / denominator : 0;
    }
}
