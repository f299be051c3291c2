package io.loss4j.dl4j.sampling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Small data sets with known classes. */
final class TrainingData {
    private TrainingData() {}

    /** Clouds of points around (k, -k, ...), class k having counts[k] of them, in mixed order. */
    static DataSet clouds(DataType type, int width, long seed, int... counts) {
        Random random = new Random(seed);
        List<Integer> classes = new ArrayList<>();
        for (int k = 0; k < counts.length; k++) {
            for (int i = 0; i < counts[k]; i++) {
                classes.add(k);
            }
        }
        Collections.shuffle(classes, random);
        double[][] x = new double[classes.size()][width];
        double[][] y = new double[classes.size()][counts.length];
        for (int i = 0; i < x.length; i++) {
            int k = classes.get(i);
            y[i][k] = 1;
            for (int f = 0; f < width; f++) {
                x[i][f] = (f % 2 == 0 ? k : -k) + 0.5 * random.nextGaussian();
            }
        }
        return new DataSet(
                Nd4j.createFromArray(x).castTo(type), Nd4j.createFromArray(y).castTo(DataType.FLOAT));
    }

    /** Class indices [N, 1] of one-hot labels. */
    static INDArray indices(DataSet data) {
        return data.getLabels().argMax(1).reshape(data.numExamples(), 1);
    }

    static double[][] features(DataSet data) {
        return data.getFeatures().castTo(DataType.DOUBLE).toDoubleMatrix();
    }

    static int[] classes(DataSet data) {
        return data.getLabels().argMax(1).toIntVector();
    }

    static int[] counts(DataSet data) {
        return data.getLabels().castTo(DataType.INT32).sum(0).toIntVector();
    }
}
