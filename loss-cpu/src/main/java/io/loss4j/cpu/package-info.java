/**
 * The CPU backend: rows are cut into tiles, tiles are computed by formulas in double or by vector kernels in float, and
 * partial sums are added in a fixed order, whatever the number of threads.
 */
@NullMarked
package io.loss4j.cpu;

import org.jspecify.annotations.NullMarked;
