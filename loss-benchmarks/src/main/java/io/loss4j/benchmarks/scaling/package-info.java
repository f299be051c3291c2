/** Time by the number of elements, and arrays that an int cannot count. */
@NullMarked
package io.loss4j.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
