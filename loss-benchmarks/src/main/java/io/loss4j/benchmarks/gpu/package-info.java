/**
 * Measures the CUDA backend on arrays in device memory and from host memory. Peers in Python draw the same numbers and time
 * the same cases; {@code loss-benchmarks/gpu} starts both.
 */
@NullMarked
package io.loss4j.benchmarks.gpu;

import org.jspecify.annotations.NullMarked;
