package io.loss4j.cpu;

import io.loss4j.loss.Activation;

/** Losses of the weighed probabilities of each row by itself, with the activation before them if there is one. */
abstract class ProbabilityRule implements RowRule {
    private final boolean sigmoid;
    private final boolean softmax;
    private final Primitives primitives;
    private final float[] tail;

    final int columns;
    /** Probabilities, and what is missing to 1. */
    final SoftmaxTile tile;
    /** Weights of the elements of the row. */
    final float[] w;

    /**
     * @param activation what makes probabilities of logits; ANY if predictions are what the loss takes
     */
    ProbabilityRule(Activation activation, int columns, int rows, Primitives primitives) {
        this.columns = columns;
        this.primitives = primitives;
        sigmoid = activation == Activation.SIGMOID;
        softmax = activation == Activation.SOFTMAX;
        tile = new SoftmaxTile(columns, rows, primitives);
        tail = SoftmaxTile.array(sigmoid ? rows * columns : 0, primitives);
        w = Scratch.ofThisThread().floats(columns);
    }

    /**
     * Computes a row by its probabilities.
     *
     * @param x predictions of the tile
     * @param at where the row starts in the tile and the gradient
     * @param gradient where to write the derivatives by probabilities
     * @return the loss; NaN leaves the row to the formula
     */
    abstract double ofProbabilities(float[] x, int at, float[] t, float[] gradient);

    @Override
    public final float[] weights() {
        return w;
    }

    @Override
    public final void prepare(float[] x, int rows, int[] hot) {
        int n = rows * columns;
        if (softmax) {
            tile.of(x, rows);
        } else if (sigmoid) {
            primitives.sigmoid(x, tail, tile.p, tile.q, SoftmaxTile.whole(n, primitives));
        } else {
            System.arraycopy(x, 0, tile.p, 0, n);
            for (int i = 0; i < n; i++) {
                tile.q[i] = 1 - x[i];
            }
        }
    }

    @Override
    public final double evaluate(float[] x, int r, int hot, float[] t, float[] gradient) {
        if (softmax && tile.top[r] < 0) {
            return Double.NaN;
        }
        int at = r * columns;
        double value = ofProbabilities(x, at, t, gradient);
        if (sigmoid) {
            for (int i = at; i < at + columns; i++) {
                gradient[i] *= tile.p[i] * tile.q[i];
            }
        } else if (softmax) {
            tile.fromProbabilities(r, gradient);
        }
        return value;
    }
}
