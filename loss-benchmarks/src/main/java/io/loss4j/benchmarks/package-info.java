/** Loss4J against Deeplearning4j's own losses and against the memory, with JMH. */
@NullMarked
package io.loss4j.benchmarks;

import org.jspecify.annotations.NullMarked;
