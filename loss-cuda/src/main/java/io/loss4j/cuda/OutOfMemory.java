package io.loss4j.cuda;

import io.loss4j.cuda.driver.CudaException;
import io.loss4j.error.BackendException;

/** The error of a GPU without room even for the least that a call needs. */
final class OutOfMemory {
    private OutOfMemory() {}

    static BackendException even(String what, CudaException cause) {
        return new BackendException(
                "L4J-C09",
                "the memory of the GPU is full, even " + what,
                "free memory of the GPU (nvidia-smi shows who uses it), or choose another with -Dloss4j.cuda.device",
                cause);
    }
}
