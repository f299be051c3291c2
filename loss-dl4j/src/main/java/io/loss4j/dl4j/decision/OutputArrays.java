package io.loss4j.dl4j.decision;

import io.loss4j.tensor.Rows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Goes through the rows of a network's output, whatever its layout and type. */
final class OutputArrays {
    private OutputArrays() {}

    interface RowMap {
        double[] apply(double[] row, long number);
    }

    interface RowDecision {
        int apply(double[] row, long number);
    }

    /** A new array of the same shape, order and type. */
    static INDArray map(INDArray output, RowMap map) {
        Rows from = Rows.of(output);
        from.onHost();
        INDArray result = Nd4j.createUninitialized(output.dataType(), output.shape(), output.ordering());
        Rows to = Rows.of(result);
        double[] row = new double[from.columns()];
        for (long i = 0; i < from.rows(); i++) {
            from.load(i, 1, 0, row.length, row, 0);
            to.store(map.apply(row, i), 0, i, 1, 0, row.length);
        }
        to.writtenOnHost();
        return result;
    }

    /** One whole number per row, INT32, in the shape without axis 1. */
    static INDArray indices(INDArray output, RowDecision decision) {
        Rows from = Rows.of(output);
        from.onHost();
        int[] decisions = new int[Math.toIntExact(from.rows())];
        double[] row = new double[from.columns()];
        for (int i = 0; i < decisions.length; i++) {
            from.load(i, 1, 0, row.length, row, 0);
            decisions[i] = decision.apply(row, i);
        }
        long[] shape = new long[Math.max(1, output.rank() - 1)];
        for (int axis = 0, i = 0; axis < output.rank(); axis++) {
            if (axis != 1) {
                shape[i++] = output.size(axis);
            }
        }
        return decisions.length == 0
                ? Nd4j.create(DataType.INT32, shape)
                : Nd4j.createFromArray(decisions).reshape('c', shape);
    }
}
