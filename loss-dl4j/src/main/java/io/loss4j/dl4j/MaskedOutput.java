package io.loss4j.dl4j;

import io.loss4j.tensor.Rows;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * Layers with parameters (OutputLayer, RnnOutputLayer, CenterLossOutputLayer) multiply their output by the mask before
 * they hand it to the loss, and take the gradient for that of the output as it was. Harmless for masks of rows that are
 * 0 or 1. Weights of examples would become a change of the logits, so the multiplication is undone. Single outputs that
 * are masked have lost their value; the loss sees 0, and they must not get a gradient.
 */
final class MaskedOutput {
    private static final int TILE = 1 << 10;

    private MaskedOutput() {}

    /** The output of the layer as it was before the mask, as far as it is known. */
    static INDArray restore(INDArray preOutput, @Nullable INDArray mask) {
        if (mask == null || isZeroOrOne(mask) || !CallingLayer.multipliesByMask()) {
            return preOutput;
        }
        INDArray divisor = mask.castTo(preOutput.dataType());
        divisor = divisor == mask ? mask.dup() : divisor;
        BooleanIndexing.replaceWhere(divisor, 1, Conditions.equals(0));
        return divisor.equalShapes(preOutput) ? preOutput.div(divisor) : preOutput.divColumnVector(divisor);
    }

    /** Takes the gradient from single outputs that the layer has set to 0. */
    static void dropMasked(INDArray gradient, @Nullable INDArray mask) {
        if (mask != null
                && gradient.rank() == 2
                && gradient.size(1) > 1
                && mask.equalShapes(gradient)
                && CallingLayer.multipliesByMask()) {
            gradient.muli(mask.castTo(DataType.BOOL).castTo(gradient.dataType()));
        }
    }

    private static boolean isZeroOrOne(INDArray mask) {
        Rows rows = Rows.each(mask);
        double[] tile = new double[(int) Math.min(TILE, rows.rows())];
        for (long row = 0; row < rows.rows(); row += TILE) {
            int count = (int) Math.min(TILE, rows.rows() - row);
            rows.load(row, count, 0, 1, tile, 0);
            for (int i = 0; i < count; i++) {
                if (tile[i] != 0 && tile[i] != 1) {
                    return false;
                }
            }
        }
        return true;
    }
}
