/** Charts in one style, as SVG and as PNG, and the shapes of losses. */
@NullMarked
package io.loss4j.examples.plot;

import org.jspecify.annotations.NullMarked;
