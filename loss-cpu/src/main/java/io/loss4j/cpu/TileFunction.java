package io.loss4j.cpu;

import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import org.jspecify.annotations.Nullable;

/** An elementwise loss over a tile in single precision, unweighted and unscaled. Belongs to one worker. */
interface TileFunction {
    /**
     * Overwrites values and derivatives.
     *
     * @param positive weights of the y-term, or null
     * @param n a multiple of the lanes; what lies behind the tile's elements may be anything
     */
    void apply(float[] x, float[] y, float @Nullable [] positive, float[] value, float[] derivative, int n);

    /** Makes the functions of its workers, with scratch for tiles of at most so many elements. */
    interface Maker {
        TileFunction make(Primitives primitives, int capacity);
    }

    /** The fast function of a loss, or null if the loss has none and its formula must do. */
    static @Nullable Maker of(LossSpec spec) {
        if (spec instanceof SigmoidCrossEntropy) {
            return SigmoidTile::new;
        } else if (spec instanceof SigmoidFocal focal && focal.input() == InputForm.LOGITS) {
            return (primitives, capacity) -> new FocalTile(focal, primitives, capacity);
        } else if (spec instanceof MeanSquaredError) {
            return (primitives, capacity) -> RegressionTile::squared;
        } else if (spec instanceof MeanAbsoluteError) {
            return (primitives, capacity) -> RegressionTile::absolute;
        } else if (spec instanceof Huber huber) {
            float delta = (float) huber.delta();
            return (primitives, capacity) ->
                    (x, y, positive, value, derivative, n) -> RegressionTile.huber(delta, x, y, value, derivative, n);
        }
        return null;
    }
}
