/**
 * Exceptions whose messages tell who, what was found, what was expected, and the remedy.
 */
@NullMarked
package io.loss4j.error;

import org.jspecify.annotations.NullMarked;
