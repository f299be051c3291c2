package io.loss4j.benchmarks;

import io.loss4j.loss.Huber;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * A loss on arrays of one size, in FLOAT.
 *
 * @param spec the loss
 * @param labels what the labels look like
 * @param rows of the predictions
 * @param columns of the predictions
 * @param activation of the layer; the losses get what comes before it
 * @param builtIn what Deeplearning4j has for this, or null
 * @param bar how many times faster than the built-in Loss4J must be, or 0
 */
record Workload(
        LossSpec spec,
        LabelForm labels,
        int rows,
        int columns,
        IActivation activation,
        @Nullable BuiltIn builtIn,
        double bar) {

    /** To add a workload, add a line. Those with a bar make up {@code --quick}. */
    static final List<Workload> ALL = List.of(
            softmax(LabelForm.INDEX, 4096, 1000, 20),
            softmax(LabelForm.ONE_HOT, 4096, 1000, 20),
            sigmoid(1_000_000, 1, 30),
            softmax(LabelForm.ONE_HOT, 32, 10, 4),
            sigmoid(32, 10, 4),
            softmax(LabelForm.INDEX, 32_768, 128, 0),
            softmax(LabelForm.INDEX, 512, 50_257, 0),
            softmax(LabelForm.ONE_HOT, 65_536, 10, 0),
            softmax(LabelForm.INDEX, 65_536, 10, 0),
            softmax(LabelForm.INDEX, 65_536, 2, 0),
            sigmoid(4_096_000, 1, 0),
            new Workload(
                    new MeanSquaredError(),
                    LabelForm.REAL,
                    1_000_000,
                    1,
                    new ActivationIdentity(),
                    new BuiltIn(new LossL2()),
                    0),
            new Workload(new SoftmaxFocal(2.0), LabelForm.INDEX, 4096, 1000, new ActivationSoftmax(), null, 0),
            new Workload(new SigmoidFocal(0.25, 2.0), LabelForm.YES_NO, 1_000_000, 1, new ActivationSigmoid(), null, 0),
            new Workload(new Huber(1.0), LabelForm.REAL, 1_000_000, 1, new ActivationIdentity(), null, 0));

    private static Workload softmax(LabelForm labels, int rows, int columns, double bar) {
        BuiltIn builtIn = new BuiltIn(labels == LabelForm.INDEX ? new LossSparseMCXENT() : new LossMCXENT());
        return new Workload(new SoftmaxCrossEntropy(), labels, rows, columns, new ActivationSoftmax(), builtIn, bar);
    }

    private static Workload sigmoid(int rows, int columns, double bar) {
        // ActivationSigmoid.backprop writes its result into the pre-output
        BuiltIn builtIn = new BuiltIn(new LossBinaryXENT(), true);
        return new Workload(
                new SigmoidCrossEntropy(), LabelForm.YES_NO, rows, columns, new ActivationSigmoid(), builtIn, bar);
    }

    /** Such as {@code softmax_cross_entropy/index/4096x1000}. */
    String name() {
        return spec.id() + labels.suffix + "/" + rows + "x" + columns;
    }

    long elements() {
        return (long) rows * columns;
    }

    static Workload named(String name) {
        return ALL.stream()
                .filter(w -> w.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no workload '" + name + "'; there are "
                        + ALL.stream().map(Workload::name).toList()));
    }

    @Override
    public String toString() {
        return name();
    }
}
