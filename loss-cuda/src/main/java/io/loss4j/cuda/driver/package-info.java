/**
 * The NVIDIA driver: what of its API the backend needs, with results as exceptions. Not for users.
 */
@NullMarked
package io.loss4j.cuda.driver;

import org.jspecify.annotations.NullMarked;
