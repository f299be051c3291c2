/** Writes docs/losses.md and its plots from the Javadoc of the losses, and tells when they are stale. */
@NullMarked
package io.loss4j.examples.pages;

import org.jspecify.annotations.NullMarked;
