/**
 * How good predictions are where classes are rare: curves, scores and calibration that Deeplearning4j lacks, with
 * bootstrap intervals. Everything starts from {@link io.loss4j.dl4j.metric.Predictions}; a
 * {@link io.loss4j.dl4j.metric.Metric} is any function of them.
 */
@NullMarked
package io.loss4j.dl4j.metric;

import org.jspecify.annotations.NullMarked;
