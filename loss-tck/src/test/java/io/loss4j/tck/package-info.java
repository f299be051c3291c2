/** Tests of the conformance kit itself. */
@NullMarked
package io.loss4j.tck;

import org.jspecify.annotations.NullMarked;
