package io.loss4j.backend;

import io.loss4j.loss.Activation;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.WeighedRowLoss;
import io.loss4j.tensor.Rows;
import java.util.OptionalLong;

/**
 * The labels of a job.
 *
 * @param rows one column of class indices, or as many columns as the predictions
 * @param index whether they are class indices
 * @param smoothing s in [0, 1]; softmax and row losses: t = (1 - s) t + s (sum t) / K; binary losses
 *     and where {@link #areIndependent}: y = y (1 - s) + s / 2. Comes before weights
 * @param ignored the label that takes its row (class index) or its element (elementwise losses, and where
 *     {@link #areIndependent}) out of everything
 */
public record Labels(Rows rows, boolean index, double smoothing, OptionalLong ignored) {
    /**
     * Whether a loss of the batch, or of rows of weighed elements, takes every column as a yes or no of its own, and not
     * the columns as classes that exclude each other.
     */
    public static boolean areIndependent(LossSpec spec, int columns) {
        boolean classes = spec instanceof BatchLoss batch
                ? batch.classification()
                : !(spec instanceof WeighedRowLoss row) || row.classification();
        return (spec instanceof BatchLoss || spec instanceof WeighedRowLoss)
                && (!classes || columns == 1 || spec.activation() == Activation.SIGMOID);
    }
}
