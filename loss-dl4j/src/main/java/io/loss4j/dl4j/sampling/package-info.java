/**
 * Resampling of imbalanced training data: {@link io.loss4j.dl4j.sampling.Resampler} and its implementations make a new
 * training set, {@link io.loss4j.dl4j.sampling.ResampledIterator} and {@link io.loss4j.dl4j.sampling.BalancedBatches}
 * feed it to a network.
 *
 * <p>Only training data may be resampled: split first ({@link io.loss4j.dl4j.sampling.StratifiedSplit}), then resample
 * what is left for training. To make the opposite hard, resampled data refuses to be split, and the iterators refuse to
 * be evaluated.
 */
@NullMarked
package io.loss4j.dl4j.sampling;

import org.jspecify.annotations.NullMarked;
