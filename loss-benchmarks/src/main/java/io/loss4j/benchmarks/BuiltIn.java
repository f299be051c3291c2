package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.LabelForm;
import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * Deeplearning4j's own loss for a workload.
 *
 * @param loss the loss
 * @param overwritesPredictions whether its gradient destroys the predictions that it is given, so that they must be put
 *     back before the next call
 */
record BuiltIn(ILossFunction loss, boolean overwritesPredictions) {
    /** Null where it has none. */
    static @Nullable BuiltIn of(Workload workload) {
        LossSpec spec = workload.spec();
        if (spec instanceof SoftmaxCrossEntropy) {
            return new BuiltIn(workload.labels() == LabelForm.INDEX ? new LossSparseMCXENT() : new LossMCXENT(), false);
        } else if (spec instanceof SigmoidCrossEntropy) {
            return new BuiltIn(new LossBinaryXENT(), true); // ActivationSigmoid.backprop writes into the pre-output
        }
        return spec instanceof MeanSquaredError ? new BuiltIn(new LossL2(), false) : null;
    }

    String name() {
        return loss.getClass().getSimpleName();
    }
}
