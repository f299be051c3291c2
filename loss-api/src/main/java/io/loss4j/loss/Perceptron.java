package io.loss4j.loss;

import java.util.Map;

/**
 * Loss of the perceptron: a score on the wrong side of 0 costs its distance, one on the right side nothing.
 *
 * <pre>
 *   value = max(0, -t x)       d/dx = -t where t x &lt;= 0, else 0       t = y, or 2 y - 1 with zero_one
 * </pre>
 *
 * <p>x is any number; the value grows as |x| on the wrong side. At x = 0 the derivative is taken to be -t, as the
 * perceptron counts an undecided score as a mistake: weights that start at 0 would never move otherwise.
 *
 * <p>Use it to reproduce the perceptron; {@link Hinge} asks for a margin too and generalises better.
 *
 * <p>Elsewhere: optax's perceptron_loss, with half the slope at x = 0. PyTorch, Keras and Deeplearning4j do not have it.
 *
 * <p>Example: x = 0.3, y = -1: 0.3.
 *
 * <p>Source: Rosenblatt, The Perceptron: A Probabilistic Model for Information Storage and Organization in the Brain, 1958.
 *
 * @param labels signed (-1 and 1) or zero_one (0 and 1); default signed
 */
public record Perceptron(MarginLabels labels) implements ElementwiseLoss {
    /** As registered: {@code perceptron}. */
    public static final LossType<Perceptron> TYPE =
            LossType.of(Perceptron.class, "perceptron", Map.of("labels", MarginLabels.SIGNED));

    /** With labels of -1 and 1. */
    public Perceptron() {
        this(MarginLabels.SIGNED);
    }

    @Override
    public double value(double x, double y) {
        return Math.max(0, -labels.sign(y) * x);
    }

    @Override
    public double derivative(double x, double y) {
        double t = labels.sign(y);
        double lead = t * x;
        return lead <= 0 ? -t : lead > 0 ? 0 : lead; // NaN
    }

    @Override
    public LossType<?> type() {
        return TYPE;
    }
}
