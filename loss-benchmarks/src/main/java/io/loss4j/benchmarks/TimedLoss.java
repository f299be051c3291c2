package io.loss4j.benchmarks;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** A loss, called as an output layer calls it: Loss4J's and Deeplearning4j's in the same way. */
final class TimedLoss implements Timed {
    private final ILossFunction loss;
    private final Workload workload;
    private final Batch batch;
    private final IActivation activation;

    TimedLoss(ILossFunction loss, Workload workload, Batch batch) {
        this.loss = loss;
        this.workload = workload;
        this.batch = batch;
        this.activation = workload.activation();
    }

    /** For Deeplearning4j's losses this is the value and then the gradient; they have nothing faster. */
    @Override
    public Pair<Double, INDArray> valueAndGradient() {
        return loss.computeGradientAndScore(batch.labels, batch.predictions, activation, null, false);
    }

    @Override
    public double value() {
        return loss.computeScore(batch.labels, batch.predictions, activation, null, false);
    }

    @Override
    public INDArray gradient() {
        return loss.computeGradient(batch.labels, batch.predictions, activation, null);
    }

    @Override
    public void check(Wanted wanted) {
        Reference reference = Reference.of(workload, batch);
        switch (wanted) {
            case VALUE -> reference.checkValue(value());
            case GRADIENT -> reference.checkGradient(gradient());
            case VALUE_AND_GRADIENT -> {
                Pair<Double, INDArray> both = valueAndGradient();
                reference.checkValue(both.getFirst());
                reference.checkGradient(both.getSecond());
            }
        }
    }
}
