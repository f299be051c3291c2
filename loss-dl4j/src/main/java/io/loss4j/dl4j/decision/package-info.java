/**
 * From the output of a trained network to a decision: temperature, adjustment for class frequencies, thresholds and
 * costs in one small {@link io.loss4j.dl4j.decision.DecisionRule} that is saved beside the model.
 */
@NullMarked
package io.loss4j.dl4j.decision;

import org.jspecify.annotations.NullMarked;
