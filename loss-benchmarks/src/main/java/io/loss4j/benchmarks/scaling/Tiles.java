package io.loss4j.benchmarks.scaling;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Large arrays whose rows repeat those of a small one. */
final class Tiles {
    private Tiles() {}

    /** Row r is row {@code r % tile.rows()}; copied in ever larger pieces. */
    static INDArray repeat(INDArray tile, DataType type, long rows) {
        INDArray array = Nd4j.createUninitialized(type, rows, tile.columns());
        long done = Math.min(tile.rows(), rows);
        rows(array, 0, done).assign(rows(tile, 0, done));
        while (done < rows) {
            long more = Math.min(done, rows - done);
            rows(array, done, done + more).assign(rows(array, 0, more));
            done += more;
        }
        return array;
    }

    /** A view of some rows. */
    static INDArray rows(INDArray array, long from, long to) {
        INDArrayIndex interval = NDArrayIndex.interval(from, to);
        return array.get(interval, NDArrayIndex.all());
    }
}
