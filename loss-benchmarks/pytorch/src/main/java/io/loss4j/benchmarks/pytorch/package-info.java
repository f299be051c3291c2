/** PyTorch as a contender, called as its users call it. */
@NullMarked
package io.loss4j.benchmarks.pytorch;

import org.jspecify.annotations.NullMarked;
