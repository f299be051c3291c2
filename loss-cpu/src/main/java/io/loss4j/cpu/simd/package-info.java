/** The only room that knows the vector module. Loaded by reflection, and only where that module is present. */
@NullMarked
package io.loss4j.cpu.simd;

import org.jspecify.annotations.NullMarked;
