package io.loss4j.cpu;

import io.loss4j.loss.PenaltyReducedFocal;
import io.loss4j.loss.SigmoidFocal;
import org.jspecify.annotations.Nullable;

/**
 * The penalty-reduced focal loss: the focal loss with label 1 at points and 0 elsewhere, times (1 - y)^beta elsewhere.
 */
final class PenaltyTile implements TileFunction {
    private final TileFunction focal;
    private final Primitives primitives;
    private final float beta;
    private final float[] points;
    private final float[] weight;

    PenaltyTile(PenaltyReducedFocal loss, Primitives primitives, int capacity) {
        this.focal = TileFunction.focal(new SigmoidFocal(null, loss.alpha(), loss.input()))
                .make(primitives, capacity);
        this.primitives = primitives;
        this.beta = (float) loss.beta();
        Scratch scratch = Scratch.ofThisThread();
        this.points = scratch.floats(capacity);
        this.weight = scratch.floats(capacity);
    }

    @Override
    public void apply(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            points[i] = 1 - RegressionTile.sign(1 - y[i]);
            weight[i] = -y[i];
        }
        focal.apply(x, points, positive, value, derivative, n);
        primitives.logOnePlus(weight, weight, n);
        for (int i = 0; i < n; i++) {
            weight[i] = beta * Math.max(weight[i], -Float.MAX_VALUE);
        }
        primitives.exp(weight, weight, n);
        for (int i = 0; i < n; i++) {
            weight[i] += points[i] * (1 - weight[i]);
        }
        FocalTile.multiply(value, weight, n);
        FocalTile.multiply(derivative, weight, n);
    }
}
