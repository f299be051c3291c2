/**
 * Registered losses by id, and JSON by id and version, never by class name.
 */
@NullMarked
package io.loss4j.catalogue;

import org.jspecify.annotations.NullMarked;
