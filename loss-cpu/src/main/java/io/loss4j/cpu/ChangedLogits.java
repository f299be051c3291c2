package io.loss4j.cpu;

import io.loss4j.loss.LogitTransform;
import org.jspecify.annotations.Nullable;

/** The affine change of a row's logits, in double. */
final class ChangedLogits {
    private final boolean identity;
    private final double scale;
    private final double @Nullable [] bias;
    private final double @Nullable [] margin;

    ChangedLogits(LogitTransform transform) {
        identity = transform.isIdentity();
        scale = transform.scale();
        bias = transform.bias();
        margin = transform.margin();
    }

    /** What gradients are multiplied by. */
    double scale() {
        return scale;
    }

    /** Changes the row of so many columns that starts at an index; r is its row in the targets. */
    void change(double[] x, int at, int columns, Targets targets, int r) {
        if (identity) {
            return;
        }
        for (int k = 0; k < columns; k++) {
            double z = x[at + k];
            if (bias != null) {
                z += bias[k];
            }
            if (margin != null) {
                z -= margin[k] * targets.original(r, k);
            }
            x[at + k] = scale * z;
        }
    }

    /** The same in single precision. */
    void change(float[] x, int at, int columns, Targets targets, int r) {
        if (identity) {
            return;
        }
        for (int k = 0; k < columns; k++) {
            double z = x[at + k];
            if (bias != null) {
                z += bias[k];
            }
            if (margin != null) {
                z -= margin[k] * targets.original(r, k);
            }
            x[at + k] = (float) (scale * z);
        }
    }
}
