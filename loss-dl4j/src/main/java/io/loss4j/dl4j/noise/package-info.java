/**
 * Training with labels that are wrong or missing: {@link io.loss4j.dl4j.noise.SmallLossSelection} leaves out rows whose
 * labels two networks disbelieve, {@link io.loss4j.dl4j.noise.PseudoLabels} adds unlabelled rows. Losses that bear wrong
 * labels by themselves are in {@link io.loss4j.dl4j.Dl4jLosses}.
 */
@NullMarked
package io.loss4j.dl4j.noise;

import org.jspecify.annotations.NullMarked;
