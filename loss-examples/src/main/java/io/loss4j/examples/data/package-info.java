/**
 * From a table of text cells to numbers that a network can be trained on and tested with.
 *
 * <p>What cannot be used is a {@link io.loss4j.error.LossInputException} with a code {@code L4J-D..}: who, what was
 * found, what was expected, and the remedy.
 */
@NullMarked
package io.loss4j.examples.data;

import org.jspecify.annotations.NullMarked;
