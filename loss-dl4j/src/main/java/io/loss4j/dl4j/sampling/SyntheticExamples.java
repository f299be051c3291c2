package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Collects synthetic rows and puts them after the given ones. */
final class SyntheticExamples {
    private final DataSet training;
    private final double[] features;
    /** For each synthetic row the example whose label it takes. */
    private final int[] labels;

    private final int width;
    private int size;

    /** Room for so many, after a check that features are rows of numbers whose distances mean something. */
    SyntheticExamples(String who, DataSet training, int[] add) {
        INDArray given = training.getFeatures();
        if (given.rank() != 2 || training.getLabels().rank() > 2) {
            throw new LossInputException(
                    "L4J-D42",
                    who,
                    "features and labels have the shapes " + Arrays.toString(given.shape()) + " and "
                            + Arrays.toString(training.getLabels().shape())
                            + ", expected [N, F] and [N, K]: there is no mean of two sequences or images",
                    "use RandomOverSampler or BalancedBatches");
        }
        if (!given.dataType().isFPType()) {
            throw new LossInputException(
                    "L4J-D42",
                    who,
                    "features are " + given.dataType() + ", expected FLOAT, DOUBLE, HALF or BFLOAT16",
                    "cast them");
        }
        if (!isOnes(training.getFeaturesMaskArray()) || !isOnes(training.getLabelsMaskArray())) {
            throw new LossInputException(
                    "L4J-D42",
                    who,
                    "the data set has masks, and a synthetic row between two of different weight has none",
                    "remove masked rows, or use RandomOverSampler");
        }
        this.training = training;
        this.width = Math.toIntExact(given.size(1));
        int total = 0;
        for (int more : add) {
            total = Math.addExact(total, more);
        }
        this.features = new double[Math.multiplyExact(total, width)];
        this.labels = new int[total];
    }

    private static boolean isOnes(@Nullable INDArray mask) {
        if (mask == null) {
            return true;
        }
        Rows rows = Rows.each(mask);
        double[] weight = new double[1];
        for (long row = 0; row < rows.rows(); row++) {
            rows.load(row, 1, 0, 1, weight, 0);
            if (weight[0] != 1) {
                return false;
            }
        }
        return true;
    }

    /** A row on the way from a point to another, of the class of the first. */
    void between(Points points, int from, int to, double step) {
        int row = size++ * width;
        for (int f = 0; f < width; f++) {
            double x = points.columns()[f][from];
            features[row + f] = x + step * (points.columns()[f][to] - x);
        }
        labels[size - 1] = points.examples()[from];
    }

    /** Overwrites a feature of the last row. */
    void set(int feature, double value) {
        features[(size - 1) * width + feature] = value;
    }

    /** The given examples, then the synthetic ones in the order in which they came. */
    DataSet afterGiven() {
        DataSet all = new ResampledDataSet();
        Examples.copyNames(training, all);
        INDArray given = training.getFeatures();
        if (size == 0) {
            all.setFeatures(given.dup());
            all.setLabels(training.getLabels().dup());
        } else {
            INDArray added = Nd4j.createFromArray(Arrays.copyOf(features, size * width))
                    .reshape(size, width)
                    .castTo(given.dataType());
            all.setFeatures(Nd4j.concat(0, given, added));
            all.setLabels(Nd4j.concat(
                    0, training.getLabels(), Examples.rows(training.getLabels(), Arrays.copyOf(labels, size))));
        }
        return all;
    }
}
