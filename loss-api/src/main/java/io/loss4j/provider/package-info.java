/**
 * Finds plugins through ServiceLoader so that a broken one is reported and the others keep working.
 */
@NullMarked
package io.loss4j.provider;

import org.jspecify.annotations.NullMarked;
