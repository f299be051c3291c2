package io.loss4j.dl4j;

import io.loss4j.ClassReport;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.ElementwiseLoss;
import java.io.Serial;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonValue;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * A {@link LossFunction} as a loss of Deeplearning4j, for every output layer that takes an {@code ILossFunction}. Made by
 * {@link Dl4jLosses}. Immutable and thread-safe; one instance may serve several layers, networks and workers.
 *
 * <p>Rows are what Deeplearning4j makes them: examples, time steps or pixels. The loss answers with the sum over rows,
 * which Deeplearning4j divides by the number of examples; see {@link Dl4jLosses#feedForward},
 * {@link Dl4jLosses#rowsPerExample} and {@link Dl4jLosses#undivided} for other reductions.
 *
 * <p>A loss of logits is fused with the softmax or sigmoid of its layer, so keep that activation on the layer:
 * {@code evaluate()} needs it. Behind IDENTITY the pre-output is taken for what the loss expects. Regression and margin
 * losses work behind any activation. Pairs that make no sense throw {@link LossInputException} at the first call.
 *
 * <p>Weights of examples, steps or pixels go into the labels mask, as any numbers from 0. Layers with parameters multiply
 * their output by that mask before a loss sees it, which is undone here; only the outputs that a mask of single outputs
 * sets to 0 are lost there, so a softmax counts them as logits of 0 and gives them no gradient.
 *
 * <p>The name of this class is part of every saved model.
 */
public final class Loss4jLoss implements ILossFunction {
    private static final long serialVersionUID = 1L;

    private final LossFunction function;
    private final Minibatch minibatch;
    private final transient OutputLink link;
    /** Who is told about classes; null: nobody. Not part of a model. */
    private final transient @Nullable Consumer<ClassReport> classReports;

    Loss4jLoss(LossFunction function, Minibatch minibatch) {
        this(function, minibatch, null);
    }

    private Loss4jLoss(LossFunction function, Minibatch minibatch, @Nullable Consumer<ClassReport> classReports) {
        minibatch.check(function.spec().id(), function.reduction());
        this.function = function;
        this.minibatch = minibatch;
        this.link = new OutputLink(function);
        this.classReports = classReports;
    }

    /** Restores what is derived. */
    @Serial
    private Object readResolve() {
        return new Loss4jLoss(function, minibatch);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Loss4jLoss fromJson(JsonNode node) {
        return Loss4jLossJson.read(node);
    }

    @JsonValue
    JsonNode toJson() {
        return Loss4jLossJson.write(this);
    }

    /** The loss underneath. */
    public LossFunction function() {
        return function;
    }

    /**
     * The same with options changed.
     *
     * <pre>{@code
     * Dl4jLosses.softmaxFocal(2).with(loss -> loss.withLabelSmoothing(0.1))
     * }</pre>
     */
    public Loss4jLoss with(UnaryOperator<LossFunction> change) {
        return new Loss4jLoss(change.apply(function), minibatch, classReports);
    }

    /**
     * The same, telling about the classes: every gradient, and so every training step, hands over a report from its own
     * pass over the data. Scores and evaluations do not. {@link ClassReportListener} does this by itself and logs.
     *
     * <p>The receiver is neither compared nor saved: a loaded or copied model is silent.
     *
     * @param receiver called by every thread that trains
     * @throws LossInputException L4J-P08 for losses that know no classes
     */
    public Loss4jLoss withClassReports(Consumer<ClassReport> receiver) {
        ClassReport.check(function.spec());
        return new Loss4jLoss(function, minibatch, receiver);
    }

    /** The same, telling nobody. */
    public Loss4jLoss withoutClassReports() {
        return new Loss4jLoss(function, minibatch);
    }

    @Nullable
    Consumer<ClassReport> classReports() {
        return classReports;
    }

    Minibatch minibatch() {
        return minibatch;
    }

    /** Refuses an activation that does not go with this loss, before the first call does. */
    void checkActivation(IActivation activation, long columns) {
        link.ofPreOutput(activation, columns);
    }

    /**
     * The loss of all rows.
     *
     * @param labels [rows, nOut]; for classes that exclude each other also indices, [rows] or [rows, 1]; for losses with
     *     several outputs per label, such as gaussian_nll, [rows, labels]
     * @param preOutput [rows, nOut], before the activation
     * @param mask one weight per row, [rows, 1], or per output, [rows, nOut], or null
     * @param average whether to divide by the number of rows
     */
    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        LossFunction fused = link.ofPreOutput(activation, columns(preOutput));
        INDArray output = MaskedOutput.restore(preOutput, mask);
        double value = fused != null
                ? fused.value(output, labels, mask)
                : function.value(activate(output, activation), labels, mask);
        return score(value, rows(preOutput), average);
    }

    /** The weighted loss of every row, [rows, 1]: FLOAT, or DOUBLE in DOUBLE networks. */
    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        LossFunction fused = link.ofPreOutput(activation, columns(preOutput));
        INDArray output = MaskedOutput.restore(preOutput, mask);
        INDArray scores = fused != null
                ? fused.perRow(output, labels, mask)
                : function.perRow(activate(output, activation), labels, mask);
        return scores.reshape(scores.length(), 1);
    }

    /** The derivative of the loss of all rows by the output before the activation, in its data type and shape. */
    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        LossFunction fused = link.ofPreOutput(activation, columns(preOutput));
        if (fused != null && minibatch.isUnscaled() && classReports == null) {
            INDArray gradient = fused.gradient(MaskedOutput.restore(preOutput, mask), labels, mask);
            return dropMasked(gradient, fused, mask);
        }
        return valueAndGradient(fused, labels, preOutput, activation, mask).gradient();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        LossFunction fused = link.ofPreOutput(activation, columns(preOutput));
        LossResult result = valueAndGradient(fused, labels, preOutput, activation, mask);
        return new Pair<>(score(result.value(), rows(preOutput), average), result.gradient());
    }

    /** The reduced value, and the gradient made ready for Deeplearning4j. */
    private LossResult valueAndGradient(
            @Nullable LossFunction fused,
            INDArray labels,
            INDArray preOutput,
            IActivation activation,
            @Nullable INDArray mask) {
        double examples = examples(rows(preOutput));
        INDArray output = MaskedOutput.restore(preOutput, mask);
        // A half type has too few digits for two roundings and for probabilities: work on a FLOAT copy.
        DataType type = preOutput.dataType();
        boolean narrow = (fused == null || examples != 1) && isNarrow(type);
        INDArray input = narrow ? output.castTo(DataType.FLOAT) : output;
        LossResult result;
        INDArray gradient;
        if (fused != null) {
            result = ask(fused, input, labels, mask);
            gradient = result.gradient();
        } else {
            result = ask(function, activation.getActivation(input.dup(), true), labels, mask);
            // backprop writes into what it is given
            gradient = activation.backprop(input.dup(), result.gradient()).getFirst();
        }
        if (examples != 1) {
            gradient.muli(examples);
        }
        gradient = narrow ? gradient.castTo(type) : gradient;
        return new LossResult(result.value(), dropMasked(gradient, fused, mask), null);
    }

    private LossResult ask(LossFunction loss, INDArray output, INDArray labels, @Nullable INDArray mask) {
        if (classReports == null) {
            return loss.valueAndGradient(output, labels, mask);
        }
        LossResult result = loss.diagnose(output, labels, mask);
        if (result.classes() != null) {
            classReports.accept(result.classes());
        }
        return result;
    }

    private static INDArray dropMasked(INDArray gradient, @Nullable LossFunction fused, @Nullable INDArray mask) {
        if (fused == null || !(fused.spec() instanceof ElementwiseLoss)) { // where outputs are mixed
            MaskedOutput.dropMasked(gradient, mask);
        }
        return gradient;
    }

    /** The output after the activation; activations overwrite what they are given, so it is a copy. */
    private static INDArray activate(INDArray preOutput, IActivation activation) {
        boolean narrow = isNarrow(preOutput.dataType());
        return activation.getActivation(narrow ? preOutput.castTo(DataType.FLOAT) : preOutput.dup(), true);
    }

    private static boolean isNarrow(DataType type) {
        return type.width() < DataType.FLOAT.width();
    }

    private double examples(long rows) {
        if (minibatch.rowsPerExample() == 1 && CallingLayer.hasManyRowsPerExample()) {
            throw new LossInputException(
                    "L4J-D06",
                    function.spec().id(),
                    "made for feed-forward networks, but this layer has a row for every time step or pixel",
                    "use withReduction(Reduction.SUM), Dl4jLosses.rowsPerExample(...), or Dl4jLosses.undivided(...)"
                            + " with miniBatch(false)");
        }
        return minibatch.examples(function.spec().id(), rows);
    }

    private double score(double value, long rows, boolean average) {
        double sum = minibatch.isUnscaled() ? value : value * examples(rows);
        return average && rows > 0 ? sum / rows : sum;
    }

    private static long columns(INDArray preOutput) {
        return preOutput.rank() < 2 ? 1 : preOutput.size(1);
    }

    private static long rows(INDArray preOutput) {
        return preOutput.size(0);
    }

    /** The id of the loss. */
    @Override
    public String name() {
        return function.spec().id();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Loss4jLoss that && function.equals(that.function) && minibatch.equals(that.minibatch);
    }

    @Override
    public int hashCode() {
        return 31 * function.hashCode() + minibatch.hashCode();
    }

    /** For network summaries: {@code softmax_focal(gamma=2.0, input=logits, label_smoothing=0.1)}. */
    @Override
    public String toString() {
        return Loss4jLossJson.describe(this);
    }
}
