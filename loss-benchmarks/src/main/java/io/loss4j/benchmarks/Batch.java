package io.loss4j.benchmarks;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The arrays of a workload: the same numbers for every contender, in arrays of its own. */
final class Batch {
    private static final long SEED = 20_120_412;
    private static final double SPREAD = 2;
    /** Up to here LossBinaryXENT, which clips probabilities to 1e-5, is right. */
    private static final double LARGEST = 10;

    final INDArray predictions;
    final INDArray labels;
    private final INDArray pristine;

    private Batch(INDArray predictions, INDArray labels) {
        this.predictions = predictions;
        this.labels = labels;
        this.pristine = predictions.dup();
    }

    static Batch of(Workload workload) {
        SplittableRandom random = new SplittableRandom(SEED);
        int rows = workload.rows();
        int columns = workload.columns();
        float[] predictions = new float[rows * columns];
        for (int i = 0; i < predictions.length; i++) {
            double x = SPREAD * random.nextGaussian();
            predictions[i] = (float) Math.max(-LARGEST, Math.min(LARGEST, x));
        }
        return new Batch(
                Nd4j.createFromArray(predictions).reshape(rows, columns),
                labels(workload.labels(), rows, columns, random));
    }

    private static INDArray labels(LabelForm form, int rows, int columns, SplittableRandom random) {
        if (form == LabelForm.INDEX) {
            int[] classes = random.ints(rows, 0, columns).toArray();
            return Nd4j.createFromArray(classes).reshape(rows, 1);
        }
        float[] labels = new float[rows * columns];
        switch (form) {
            case ONE_HOT -> {
                for (int row = 0; row < rows; row++) {
                    labels[row * columns + random.nextInt(columns)] = 1;
                }
            }
            case YES_NO -> {
                for (int i = 0; i < labels.length; i++) {
                    labels[i] = random.nextInt(2);
                }
            }
            default -> {
                for (int i = 0; i < labels.length; i++) {
                    labels[i] = (float) (SPREAD * random.nextGaussian());
                }
            }
        }
        return Nd4j.createFromArray(labels).reshape(rows, columns);
    }

    /** Whether the predictions are still what they were. */
    boolean isIntact() {
        return predictions.dataType() == DataType.FLOAT && predictions.equalsWithEps(pristine, 0);
    }

    /** Puts the predictions back. */
    void restore() {
        predictions.assign(pristine);
    }
}
