package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.LabelForm;
import io.loss4j.benchmarks.timing.Layout;
import io.loss4j.benchmarks.timing.Numbers;
import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.benchmarks.timing.Workload;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The arrays of a workload. */
final class Batch {
    /** Where a view begins in its array, so that nothing is aligned by chance. */
    private static final int BEGIN = 3;

    final INDArray predictions;
    final INDArray labels;
    private final INDArray pristine;

    private Batch(INDArray predictions, INDArray labels) {
        this.predictions = predictions;
        this.labels = labels;
        this.pristine = predictions.dup();
    }

    static Batch of(Workload workload, Numbers numbers) {
        return new Batch(
                array(workload, numbers.predictions()),
                workload.labels() == LabelForm.INDEX
                        ? Nd4j.createFromArray(numbers.labels())
                                .castTo(DataType.INT32)
                                .reshape(workload.rows(), 1)
                        : array(workload, numbers.labels()));
    }

    private static INDArray array(Workload workload, float[] numbers) {
        INDArray rows = Nd4j.createFromArray(numbers)
                .reshape(workload.rows(), workload.columns())
                .castTo(type(workload.precision()));
        return switch (workload.layout()) {
            case ROWS -> rows;
            case COLUMNS -> rows.dup('f');
            case VIEW -> {
                INDArray view = Nd4j.create(rows.dataType(), workload.rows(), workload.columns() + Layout.MORE)
                        .get(NDArrayIndex.all(), NDArrayIndex.interval(BEGIN, BEGIN + workload.columns()));
                yield view.assign(rows);
            }
        };
    }

    static DataType type(Precision precision) {
        return DataType.valueOf(precision.name());
    }

    /** What the arrays hold. */
    Numbers numbers() {
        return new Numbers(floats(predictions), floats(labels));
    }

    /** Row by row. */
    @SuppressWarnings("try")
    static float[] floats(INDArray array) {
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
        }
    }

    /** Whether the predictions are still what they were. */
    boolean isIntact() {
        return predictions.equalsWithEps(pristine, 0);
    }

    /** Puts the predictions back. */
    void restore() {
        predictions.assign(pristine);
    }
}
