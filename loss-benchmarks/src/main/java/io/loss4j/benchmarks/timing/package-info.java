/**
 * What a timed process needs, whoever computes in it: workloads and their numbers, the right answers, and the way in which
 * it is told when to work. Knows nothing of ND4J, for PyTorch's processes must not have it.
 */
@NullMarked
package io.loss4j.benchmarks.timing;

import org.jspecify.annotations.NullMarked;
