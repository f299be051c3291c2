package io.loss4j.backend;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.tensor.Rows;

/**
 * Lowered work: everything that a backend needs, and nothing that it would have to interpret. Shapes have been checked,
 * the reduction has become one scale.
 *
 * <p>Weighted terms: with t the smoothed labels, w the class weights, m the mask (of rows or elements):
 *
 * <ul>
 *   <li>softmax losses: sum_k t_k w_k m_k value(l_k) + zLoss m logsumexp(z)^2, where a mask of elements enters the
 *       second term by its mean over the row, and z are the changed logits;
 *   <li>elementwise losses: w_k m_k value(x, y) per element;
 *   <li>row losses: m evaluate(x, t_k w_k), with a mask of elements multiplied into the targets; those of the logits of
 *       a softmax take changed logits, and the second term, in the same way;
 *   <li>row losses of weighed elements: evaluate(x, t, w_k m_k) with a mask of elements, m evaluate(x, t, w_k) with one
 *       of rows or one that is the same all along the row;
 *   <li>batch losses: evaluate with masks m_k and class weights w_k.
 * </ul>
 *
 * <p>A row or element that is masked or has an ignored label writes zeros whatever its predictions are; so does one whose
 * weight is 0, except in row and batch losses, which need not be linear in their targets and weights.
 *
 * @param spec the loss
 * @param predictions N x K
 * @param labels the labels
 * @param weights class weights and mask
 * @param logits the change made to the logits of a softmax before anything else, that of the loss included
 * @param zLoss factor of the squared log-partition of softmax losses, or 0
 * @param scale multiplies the value and the gradient, not the terms
 * @param outputs what is wanted
 */
public record LossJob(
        LossSpec spec,
        Rows predictions,
        Labels labels,
        Weights weights,
        LogitTransform logits,
        double zLoss,
        double scale,
        Outputs outputs) {
    /** How many logits there are; what the cost of most kernels grows with. */
    public long elements() {
        return predictions.elements();
    }

    /** The same work for other outputs. */
    public LossJob producing(Outputs others) {
        return new LossJob(spec, predictions, labels, weights, logits, zLoss, scale, others);
    }

    /** Moves what is read to host memory, where a backend works there. Free on a CPU-only ND4J. */
    public void readOnHost() {
        predictions.onHost();
        labels.rows().onHost();
        if (weights.mask() != null) {
            weights.mask().onHost();
        }
    }

    /** Declares what was written to be newest in host memory. Free on a CPU-only ND4J. */
    public void wroteOnHost() {
        if (outputs.gradient() != null) {
            outputs.gradient().writtenOnHost();
        }
        if (outputs.terms() != null) {
            outputs.terms().writtenOnHost();
        }
    }

    /** The error of a class index that is neither a class nor ignored; every backend reports it in these words. */
    public LossInputException labelOutOfRange(long row, long label) {
        String ignored = labels.ignored().isPresent()
                ? " or the ignored index " + labels.ignored().getAsLong()
                : "";
        return new LossInputException(
                "L4J-L01",
                spec.id(),
                "the label of row " + row + " is " + label + ", expected a class index from 0 to "
                        + (predictions.columns() - 1) + ignored + " for K = " + predictions.columns() + " columns",
                "correct the label, or set ignoreIndex(" + label + ") to leave such rows out");
    }
}
