/** How far the kernels in single precision are from the formulas in double, in units in the last place. */
@NullMarked
package io.loss4j.benchmarks.accuracy;

import org.jspecify.annotations.NullMarked;
