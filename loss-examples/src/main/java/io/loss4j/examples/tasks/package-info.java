/**
 * One small program per task, to read and to copy from: data made up on the spot, a network, and the losses that people
 * try there, side by side with the one that Deeplearning4j has.
 */
@NullMarked
package io.loss4j.examples.tasks;

import org.jspecify.annotations.NullMarked;
