/**
 * Any INDArray as rows x columns, and the one codec that reads and writes every data type.
 */
@NullMarked
package io.loss4j.tensor;

import org.jspecify.annotations.NullMarked;
