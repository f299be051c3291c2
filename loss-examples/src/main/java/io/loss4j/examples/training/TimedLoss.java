package io.loss4j.examples.training;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Any loss, with the time that is spent in it. For measuring in this process: it is not made for saved models. */
final class TimedLoss implements ILossFunction {
    private static final long serialVersionUID = 1L;

    private final ILossFunction loss;
    private final AtomicLong nanoseconds = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();

    TimedLoss(ILossFunction loss) {
        this.loss = loss;
    }

    double seconds() {
        return nanoseconds.get() / 1e9;
    }

    long calls() {
        return calls.get();
    }

    private <T> T timed(Supplier<T> call) {
        long start = System.nanoTime();
        T answer = call.get();
        nanoseconds.addAndGet(System.nanoTime() - start);
        calls.incrementAndGet();
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

    @Override
    public String toString() {
        return loss.toString();
    }
}
