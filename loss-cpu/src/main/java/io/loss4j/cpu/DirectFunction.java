package io.loss4j.cpu;

import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SmoothL1;
import org.jspecify.annotations.Nullable;

/** One of the {@link DirectLosses} with the parameters of a loss: for those used most, nearly bound by memory. */
interface DirectFunction {
    /** See {@link DirectLosses}. */
    double apply(DirectLosses losses, DirectLosses.Memory memory, long first, int n);

    /** The function of a loss, or null if it has none. */
    static @Nullable DirectFunction of(LossSpec spec) {
        if (spec instanceof SigmoidCrossEntropy) {
            return DirectLosses::sigmoidCrossEntropy;
        } else if (spec instanceof SigmoidFocal loss) {
            return focal(loss);
        } else if (spec instanceof MeanSquaredError) {
            return DirectLosses::squared;
        } else if (spec instanceof MeanAbsoluteError || spec instanceof SmoothL1 smooth && smooth.beta() == 0) {
            return DirectLosses::absolute;
        } else if (spec instanceof Huber loss) {
            return huber(loss.delta(), 1);
        } else if (spec instanceof SmoothL1 loss && TileFunction.isModerate(loss.beta())) {
            return huber(loss.beta(), 1 / loss.beta());
        }
        return null;
    }

    private static @Nullable DirectFunction focal(SigmoidFocal loss) {
        if (loss.input() != InputForm.LOGITS || loss.gamma() != 1 && loss.gamma() != 2) {
            return null;
        }
        float gamma = (float) loss.gamma();
        Double alpha = loss.alpha();
        float negative = alpha == null ? 1 : (float) (1 - alpha);
        float positive = alpha == null ? 1 : alpha.floatValue();
        return (losses, memory, first, n) -> losses.sigmoidFocal(memory, gamma, negative, positive, first, n);
    }

    private static DirectFunction huber(double delta, double factor) {
        float single = (float) delta;
        return (losses, memory, first, n) -> losses.huber(memory, single, factor, first, n);
    }
}
