/**
 * The contracts that the rest of the world types: {@link io.loss4j.LossFunction}, {@link io.loss4j.Reduction} and what they are made of.
 * Lowering, which turns weights, masks, labels and reductions into plain work for a backend, lives here too and is package-private.
 */
@NullMarked
package io.loss4j;

import org.jspecify.annotations.NullMarked;
