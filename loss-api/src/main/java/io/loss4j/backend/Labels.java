package io.loss4j.backend;

import io.loss4j.tensor.Rows;
import java.util.OptionalLong;

/**
 * The labels of a job.
 *
 * @param rows one column of class indices, or as many columns as the predictions
 * @param index whether they are class indices
 * @param smoothing s in [0, 1]; softmax and row losses: t = (1 - s) t + s (sum t) / K; binary losses:
 *     y = y (1 - s) + s / 2. Comes before weights
 * @param ignored the label that takes its row (class index) or its element (elementwise losses) out of everything
 */
public record Labels(Rows rows, boolean index, double smoothing, OptionalLong ignored) {}
