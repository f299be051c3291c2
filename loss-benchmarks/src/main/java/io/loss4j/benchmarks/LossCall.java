package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Numbers;
import io.loss4j.benchmarks.timing.Outcome;
import io.loss4j.benchmarks.timing.Timed;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.loss.LossSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss, called as an output layer calls it: Loss4J's and Deeplearning4j's in the same way, inside a workspace.
 */
final class LossCall implements Timed {
    private static final String WORKSPACE = "LOSS";

    private final ILossFunction loss;
    private final Wanted wanted;
    private final Batch batch;
    private final IActivation activation;
    private final WorkspaceConfiguration workspace;
    private final boolean overwrites;
    private final String engine;

    LossCall(Workload workload, Wanted wanted, Batch batch, BuiltIn loss, int arrays, String engine) {
        this.loss = loss.loss();
        this.wanted = wanted;
        this.batch = batch;
        this.activation = activation(workload.spec());
        this.workspace = CallWorkspace.of(workload, arrays);
        this.overwrites = loss.overwritesPredictions() && wanted.hasGradient();
        this.engine = engine;
    }

    private static IActivation activation(LossSpec spec) {
        return switch (spec.activation()) {
            case SOFTMAX -> new ActivationSoftmax();
            case SIGMOID -> new ActivationSigmoid();
            default -> new ActivationIdentity();
        };
    }

    @Override
    public String engine() {
        return engine;
    }

    @Override
    public Numbers numbers() {
        return batch.numbers();
    }

    @Override
    @SuppressWarnings("try")
    public void call() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(workspace, WORKSPACE)) {
            compute();
        }
    }

    @Override
    @SuppressWarnings("try")
    public Outcome outcome() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(workspace, WORKSPACE)) {
            Pair<Double, @Nullable INDArray> both = compute();
            return new Outcome(
                    both.getFirst(), Optional.ofNullable(both.getSecond()).map(Batch::floats));
        }
    }

    /** For Deeplearning4j's losses both are the value and then the gradient; they have nothing faster. */
    private Pair<Double, @Nullable INDArray> compute() {
        INDArray labels = batch.labels;
        INDArray predictions = batch.predictions;
        return switch (wanted) {
            case VALUE -> new Pair<>(loss.computeScore(labels, predictions, activation, null, false), null);
            case GRADIENT -> new Pair<>(Double.NaN, loss.computeGradient(labels, predictions, activation, null));
            case VALUE_AND_GRADIENT -> loss.computeGradientAndScore(labels, predictions, activation, null, false);
        };
    }

    @Override
    public boolean overwritesPredictions() {
        return overwrites;
    }

    @Override
    public void restore() {
        batch.restore();
    }
}
