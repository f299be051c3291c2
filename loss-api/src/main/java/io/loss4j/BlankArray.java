package io.loss4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes the arrays that results are written to, in the current workspace. On a CPU ND4J describes the shape of every new
 * array in native memory again, which takes longer than a small loss; of arrays that may have padding it keeps the
 * descriptions. So this asks for one with a padding of nothing, which is the same array.
 */
final class BlankArray {
    private static final boolean ON_CPU = Nd4j.getEnvironment().isCPU();

    private BlankArray() {}

    /** Without gaps; its elements may be anything. */
    static INDArray of(DataType type, long[] shape, char order) {
        for (long size : shape) {
            if (size == 0) {
                return Nd4j.create(type, shape);
            }
        }
        if (!ON_CPU || shape.length == 0) {
            return Nd4j.createUninitialized(type, shape, order);
        }
        long[] nothing = new long[shape.length];
        MemoryWorkspace workspace = Nd4j.getMemoryManager().getCurrentWorkspace();
        INDArray array = Nd4j.factory().create(type, shape, nothing, nothing, order, workspace);
        // That of a single row is too short.
        return array.data().length() == array.length() ? array : Nd4j.createUninitialized(type, shape, order);
    }
}
