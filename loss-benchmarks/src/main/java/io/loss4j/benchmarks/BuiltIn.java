package io.loss4j.benchmarks;

import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Deeplearning4j's own loss for a workload.
 *
 * @param loss the loss
 * @param overwritesPredictions whether its gradient destroys the predictions that it is given, so that they must be put
 *     back before the next call; see {@link RestoringLossBenchmark}
 */
record BuiltIn(ILossFunction loss, boolean overwritesPredictions) {
    BuiltIn(ILossFunction loss) {
        this(loss, false);
    }

    String name() {
        return loss.getClass().getSimpleName();
    }
}
