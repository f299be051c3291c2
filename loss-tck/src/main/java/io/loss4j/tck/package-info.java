/**
 * Conformance kit: rule-numbered JUnit 5 tests for anyone's loss ({@link io.loss4j.tck.LossConformance}) or backend
 * ({@link io.loss4j.tck.BackendConformance}), and a runner of golden values ({@link io.loss4j.tck.GoldenConformance},
 * {@link io.loss4j.tck.GoldenRunner}). The numbers in the names of the tests are those of the contract.
 */
@NullMarked
package io.loss4j.tck;

import org.jspecify.annotations.NullMarked;
