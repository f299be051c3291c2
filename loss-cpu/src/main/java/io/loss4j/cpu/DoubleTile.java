package io.loss4j.cpu;

import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LogCosh;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import org.jspecify.annotations.Nullable;

/**
 * An elementwise loss over a tile in double, unweighted and unscaled: for the losses that are used most, and those
 * whose formula spends its time in exponentials. Belongs to one worker.
 */
interface DoubleTile {
    /**
     * Overwrites values and derivatives.
     *
     * @param n a multiple of the lanes; what lies behind the tile's elements may be anything
     */
    void apply(double[] x, double[] y, double[] value, double[] derivative, int n);

    /** The same for one who reads only some of it; the rest may then hold anything. */
    default DoubleTile only(boolean values, boolean derivatives) {
        return this;
    }

    /** The fast function of a loss for tiles of at most so many elements, or null if its formula must do. */
    static @Nullable DoubleTile of(ElementwiseLoss loss, DoublePrimitives primitives, int capacity) {
        if (loss instanceof SigmoidCrossEntropy) {
            return new DoubleSigmoidTile(loss, primitives, capacity);
        } else if (loss instanceof SigmoidFocal focal && focal.input() == InputForm.LOGITS) {
            return new DoubleFocalTile(focal, primitives, capacity);
        } else if (loss instanceof LogCosh) {
            return new DoubleLogCoshTile(primitives, capacity);
        }
        return DoubleRegressionTile.of(loss);
    }
}
