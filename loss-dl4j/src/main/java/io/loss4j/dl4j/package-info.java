/**
 * Losses inside Deeplearning4j networks: {@link io.loss4j.dl4j.Dl4jLosses} names them,
 * {@link io.loss4j.dl4j.Loss4jLoss} translates the conventions of both sides. No mathematics.
 */
@NullMarked
package io.loss4j.dl4j;

import org.jspecify.annotations.NullMarked;
