package io.loss4j.benchmarks;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What one contender does with one batch. Runs inside a workspace, like a loss in a network. */
interface Timed {
    Pair<Double, INDArray> valueAndGradient();

    double value();

    INDArray gradient();

    /**
     * Makes sure that the results are right.
     *
     * @throws IllegalStateException if they are not
     */
    void check(Wanted wanted);
}
