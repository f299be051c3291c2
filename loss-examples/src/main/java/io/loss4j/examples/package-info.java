/**
 * The command line of Loss4J: train on any table, reproduce worked numbers, look at what this machine offers.
 */
@NullMarked
package io.loss4j.examples;

import org.jspecify.annotations.NullMarked;
