/** The report of a comparison: one HTML page that needs nothing else, and its figures as PNG. */
@NullMarked
package io.loss4j.examples.report;

import org.jspecify.annotations.NullMarked;
