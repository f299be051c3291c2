package io.loss4j.dl4j.sampling;

import io.loss4j.error.LossInputException;
import io.loss4j.tensor.Rows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of features as points of space, kept by column, as distances are computed.
 *
 * @param columns one array per feature, of one length
 * @param examples where each point comes from
 */
record Points(double[][] columns, int[] examples) {
    /** Chosen rows of features [N, F]. */
    static Points of(String who, INDArray features, int[] examples) {
        Rows rows = Rows.of(features);
        int width = rows.columns();
        double[][] columns = new double[width][examples.length];
        double[] row = new double[width];
        for (int i = 0; i < examples.length; i++) {
            rows.load(examples[i], 1, 0, width, row, 0);
            for (int f = 0; f < width; f++) {
                if (!Double.isFinite(row[f])) {
                    throw new LossInputException(
                            "L4J-D42",
                            who,
                            "feature " + f + " of example " + examples[i] + " is " + row[f]
                                    + ", expected a finite number, for distances are computed from it",
                            "fill in missing values first");
                }
                columns[f][i] = row[f];
            }
        }
        return new Points(columns, examples);
    }

    int size() {
        return examples.length;
    }

    int width() {
        return columns.length;
    }

    /** The numbers of all points. */
    int[] all() {
        int[] all = new int[size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        return all;
    }
}
