/**
 * Keras models with losses that Deeplearning4j's import does not know. The only package that needs
 * {@code deeplearning4j-modelimport} on the class path.
 */
@NullMarked
package io.loss4j.dl4j.keras;

import org.jspecify.annotations.NullMarked;
