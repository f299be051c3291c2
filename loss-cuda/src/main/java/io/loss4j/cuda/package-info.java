/**
 * The CUDA backend: one kernel per loss call, on any NVIDIA GPU from Turing on, with nothing but the driver.
 */
@NullMarked
package io.loss4j.cuda;

import org.jspecify.annotations.NullMarked;
