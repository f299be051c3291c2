package io.loss4j;

import io.loss4j.backend.Resolution;
import io.loss4j.error.LossInputException;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.PerColumn;
import java.io.Serializable;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss ready for use: a {@link LossSpec} bound to a {@link Reduction}, class weights, label smoothing and ignored
 * labels. Immutable and thread-safe; the {@code with} methods return changed copies.
 *
 * <pre>{@code
 * LossFunction loss = LossFunction.of(new SoftmaxFocal(2.0))
 *         .withReduction(Reduction.WEIGHTED_MEAN)
 *         .withClassWeights(ClassWeights.balanced(counts));
 * LossResult result = loss.valueAndGradient(logits, labels);
 * }</pre>
 *
 * <p><b>Shapes.</b> Predictions are [N, K] or [N, K, ...] with the classes on axis 1; every position is a row. Labels
 * have the shape of the predictions, or, for classification losses over several columns, one class index per row: [N],
 * [N, 1] or the same with further axes. A mask is one weight per row ([N], [N, 1], ...) or per element (the shape of the
 * predictions). Predictions are FLOAT, DOUBLE, HALF or BFLOAT16; labels and masks any numeric type; any order, stride or
 * view. Nothing is ever written to them.
 *
 * <p>Wrong input throws {@link LossInputException}, an {@link IllegalArgumentException}.
 */
public interface LossFunction extends Serializable {
    /** A loss with the defaults: {@link Reduction#MEAN}, no weights, no smoothing, nothing ignored. */
    static LossFunction of(LossSpec spec) {
        return new BoundLoss(spec, Options.DEFAULT, null);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws LossInputException if the text is anything else
     */
    static LossFunction fromJson(String json) {
        return FunctionJson.read(json);
    }

    /** The loss itself. */
    LossSpec spec();

    /** How terms become one number. */
    Reduction reduction();

    /** The class weights, or {@link ClassWeights#none}. */
    ClassWeights classWeights();

    /** The weights of the y-term of a binary loss, or null. */
    @Nullable
    PerColumn positiveWeights();

    /** How much of a label is spread over all classes. */
    double labelSmoothing();

    /** The label that takes its row or element out of everything, if there is one. */
    OptionalLong ignoreIndex();

    /** The factor of the squared log-partition that is added to softmax losses. */
    double zLoss();

    /** The change made to the logits of a softmax loss, besides what the loss does itself. */
    LogitTransform logits();

    /** Another loss with the same reduction, weights, labels and choice of backends. */
    LossFunction withSpec(LossSpec spec);

    /** The same loss with another reduction. */
    LossFunction withReduction(Reduction reduction);

    /** The same loss with class weights, one per column. */
    LossFunction withClassWeights(ClassWeights weights);

    /** The same binary loss with the y-term multiplied by a weight per column, or one for all. */
    LossFunction withPositiveWeights(PerColumn weights);

    /** The same classification loss with smoothed labels; s from 0 to 1. */
    LossFunction withLabelSmoothing(double smoothing);

    /** The same loss with rows (class indices) or elements (elementwise losses) of this label left out. */
    LossFunction withIgnoreIndex(long label);

    /** The same softmax loss plus {@code factor * logsumexp(z)^2} per row, which keeps logits from drifting. */
    LossFunction withZLoss(double factor);

    /**
     * The same softmax loss over changed logits: priors, margins and scale for any member of the family. Made for
     * training; leave the change out when predicting.
     */
    LossFunction withLogits(LogitTransform change);

    /**
     * The same loss on chosen backends, for example {@code "cpu"} or {@code "cuda,*"}. The choice belongs to the machine:
     * it is neither compared nor saved.
     */
    LossFunction on(String backends);

    /**
     * The reduced loss.
     *
     * @param predictions [N, K] or [N, K, ...]
     * @param labels of the same shape, or one class index per row
     * @param mask one weight per row or per element, or null
     */
    double value(INDArray predictions, INDArray labels, @Nullable INDArray mask);

    /** The derivative of the reduced loss by the predictions, in their data type and shape. */
    INDArray gradient(INDArray predictions, INDArray labels, @Nullable INDArray mask);

    /** The reduced loss and its gradient in one pass. */
    LossResult valueAndGradient(INDArray predictions, INDArray labels, @Nullable INDArray mask);

    /**
     * The reduced loss, its gradient, and how the loss is spread over the classes, in one pass: {@link LossResult#classes}
     * is not null. The gradient has the bits that {@link #gradient} returns. Takes longer than without, so ask for it
     * where somebody will look at it.
     *
     * @throws LossInputException for losses that know no classes: of regression, of margins, of whole batches, and sums
     *     that contain one
     */
    LossResult diagnose(INDArray predictions, INDArray labels, @Nullable INDArray mask);

    /**
     * The weighted terms, unreduced: one per row for softmax and row losses, one per element for elementwise losses. In
     * FLOAT, or DOUBLE for DOUBLE predictions. Rows have the shape of the predictions without axis 1.
     */
    INDArray terms(INDArray predictions, INDArray labels, @Nullable INDArray mask);

    /** The weighted loss of every row, with the shape of the predictions without axis 1. */
    INDArray perRow(INDArray predictions, INDArray labels, @Nullable INDArray mask);

    /** Which backend works on such arrays, and why; of a sum of losses, on the first. */
    Resolution resolve(INDArray predictions, INDArray labels, @Nullable INDArray mask);

    /** {@link #value(INDArray, INDArray, INDArray)} without a mask. */
    default double value(INDArray predictions, INDArray labels) {
        return value(predictions, labels, null);
    }

    /** {@link #gradient(INDArray, INDArray, INDArray)} without a mask. */
    default INDArray gradient(INDArray predictions, INDArray labels) {
        return gradient(predictions, labels, null);
    }

    /** {@link #valueAndGradient(INDArray, INDArray, INDArray)} without a mask. */
    default LossResult valueAndGradient(INDArray predictions, INDArray labels) {
        return valueAndGradient(predictions, labels, null);
    }

    /** {@link #diagnose(INDArray, INDArray, INDArray)} without a mask. */
    default LossResult diagnose(INDArray predictions, INDArray labels) {
        return diagnose(predictions, labels, null);
    }

    /** {@link #terms(INDArray, INDArray, INDArray)} without a mask. */
    default INDArray terms(INDArray predictions, INDArray labels) {
        return terms(predictions, labels, null);
    }

    /** {@link #perRow(INDArray, INDArray, INDArray)} without a mask. */
    default INDArray perRow(INDArray predictions, INDArray labels) {
        return perRow(predictions, labels, null);
    }

    /** {@code {"spec":{"id":...,"version":...,"params":{...}},"reduction":"MEAN",...}}; options at default are left out. */
    String toJson();
}
