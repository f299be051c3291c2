/** What a loss costs in the training of a whole network. */
@NullMarked
package io.loss4j.benchmarks.networks;

import org.jspecify.annotations.NullMarked;
