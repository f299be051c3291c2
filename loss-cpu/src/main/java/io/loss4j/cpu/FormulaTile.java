package io.loss4j.cpu;

import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import org.jspecify.annotations.Nullable;

/** A loss by its formula in double, for the tiles and elements that its fast function leaves. */
record FormulaTile(ElementwiseLoss loss) implements TileFunction {
    @Override
    public void apply(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n) {
        for (int i = 0; i < n; i++) {
            element(i, x, y, positive, value, derivative);
        }
    }

    void element(int i, float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative) {
        if (positive != null && loss instanceof BinaryLoss binary) {
            value[i] = (float) binary.value(x[i], y[i], positive[i]);
            derivative[i] = (float) binary.derivative(x[i], y[i], positive[i]);
        } else {
            value[i] = (float) loss.value(x[i], y[i]);
            derivative[i] = (float) loss.derivative(x[i], y[i]);
        }
    }
}
