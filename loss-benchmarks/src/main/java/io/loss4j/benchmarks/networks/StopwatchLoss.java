package io.loss4j.benchmarks.networks;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Any loss, with the time that is spent in it by one thread. For this process only: it is not made for saved models. */
final class StopwatchLoss implements ILossFunction {
    private static final long serialVersionUID = 1L;

    private final ILossFunction loss;
    private long nanoseconds;

    StopwatchLoss(ILossFunction loss) {
        this.loss = loss;
    }

    /** Since the last call of this. */
    long takeNanoseconds() {
        long taken = nanoseconds;
        nanoseconds = 0;
        return taken;
    }

    private <T> T timed(Supplier<T> call) {
        long start = System.nanoTime();
        T answer = call.get();
        nanoseconds += System.nanoTime() - start;
        return answer;
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        return timed(() -> loss.computeScore(labels, preOutput, activation, mask, average));
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return timed(() -> loss.computeScoreArray(labels, preOutput, activation, mask));
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return timed(() -> loss.computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        return timed(() -> loss.computeGradientAndScore(labels, preOutput, activation, mask, average));
    }

    @Override
    public String name() {
        return loss.name();
    }
}
