/**
 * The SPI of backends, the lowered work they see, and their selection, which explains itself.
 */
@NullMarked
package io.loss4j.backend;

import org.jspecify.annotations.NullMarked;
