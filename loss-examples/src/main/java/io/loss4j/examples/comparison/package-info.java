/**
 * Remedies for imbalance compared by cross-validation: what was fitted, how well it did, and whether a difference is real.
 */
@NullMarked
package io.loss4j.examples.comparison;

import org.jspecify.annotations.NullMarked;
