/**
 * The same network trained with several losses, and how well each one did.
 */
@NullMarked
package io.loss4j.examples.training;

import org.jspecify.annotations.NullMarked;
