/**
 * Losses: one immutable record with one scalar formula per file, in one of four shapes.
 */
@NullMarked
package io.loss4j.loss;

import org.jspecify.annotations.NullMarked;
