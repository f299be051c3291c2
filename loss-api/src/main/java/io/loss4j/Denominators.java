package io.loss4j;

import io.loss4j.backend.Labels;
import io.loss4j.backend.Weights;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.WeighedRowLoss;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a sum may be divided by. Computed only when a reduction asks for it, from labels and masks alone; predictions are
 * never read.
 */
final class Denominators {
    private static final int TILE = 1 << 12;

    private final LossSpec spec;
    private final Rows predictions;
    private final Labels labels;
    private final Weights weights;

    Denominators(LossSpec spec, Rows predictions, Labels labels, Weights weights) {
        this.spec = spec;
        this.predictions = predictions;
        this.labels = labels;
        this.weights = weights;
    }

    /** N, masked or not. */
    double rows() {
        return predictions.rows();
    }

    /** Rows, or elements for elementwise losses, that are neither masked nor ignored. */
    double counted() {
        if (spec instanceof BatchLoss) {
            return 1;
        }
        boolean elementwise = spec instanceof ElementwiseLoss;
        if (weights.mask() == null && labels.ignored().isEmpty()) {
            return elementwise ? predictions.elements() : predictions.rows();
        }
        Rows mask = weights.mask();
        if (elementwise
                && mask != null
                && labels.ignored().isEmpty()
                && mask.columns() == predictions.columns()
                && mask.type() != DataType.DOUBLE) {
            return countOfNonZeros(mask);
        }
        return sum(elementwise, false);
    }

    /** In single precision, which takes half as long; numbers of type DOUBLE might vanish. */
    private static long countOfNonZeros(Rows mask) {
        int step = Math.max(1, TILE / mask.columns());
        float[] tile = new float[step * mask.columns()];
        long count = 0;
        for (long row = 0; row < mask.rows(); row += step) {
            int n = (int) Math.min(step, mask.rows() - row);
            mask.load(row, n, 0, mask.columns(), tile, 0);
            int zeros = 0;
            for (int i = 0; i < n * mask.columns(); i++) {
                zeros += tile[i] == 0 ? 1 : 0;
            }
            count += (long) n * mask.columns() - zeros;
        }
        return count;
    }

    /** Sum of the weights of the counted rows or elements. */
    double weight() {
        if (spec instanceof BatchLoss) {
            return 1;
        }
        boolean elementwise = spec instanceof ElementwiseLoss;
        boolean unweighted = weights.mask() == null
                && weights.columns() == null
                && labels.ignored().isEmpty();
        if (unweighted && (elementwise || labels.index() || !weighsLabels())) {
            return elementwise ? predictions.elements() : predictions.rows();
        }
        return sum(elementwise, true);
    }

    /** Whether labels are weights of rows; those of a regression loss over rows are not, nor what weighs its elements. */
    private boolean weighsLabels() {
        return !(spec instanceof RowLoss row) || row.classification() && !(spec instanceof WeighedRowLoss);
    }

    private double sum(boolean elementwise, boolean weighted) {
        int columns = labels.rows().columns();
        boolean readLabels = labels.ignored().isPresent() || weighted && !elementwise && weighsLabels();
        int step = Math.max(1, TILE / Math.max(1, predictions.columns()));
        double[] tile = new double[readLabels ? step * columns : 0];
        Rows mask = weights.mask();
        int maskColumns = mask == null ? 1 : mask.columns();
        double[] masks = new double[step * maskColumns];
        Arrays.fill(masks, 1);
        double sum = 0;
        for (long row = 0; row < predictions.rows(); row += step) {
            int n = (int) Math.min(step, predictions.rows() - row);
            if (readLabels) {
                labels.rows().load(row, n, 0, columns, tile, 0);
            }
            if (mask != null) {
                mask.load(row, n, 0, maskColumns, masks, 0);
            }
            for (int r = 0; r < n; r++) {
                sum += elementwise
                        ? elements(tile, masks, maskColumns, r, weighted)
                        : row(tile, masks, maskColumns, r, weighted);
            }
        }
        return sum;
    }

    /** Read for every element of every masked batch: no more work in each loop than it takes. */
    private double elements(double[] tile, double[] masks, int maskColumns, int r, boolean weighted) {
        int columns = predictions.columns();
        if (labels.ignored().isPresent()) {
            return elementsBesides(labels.ignored().getAsLong(), tile, masks, maskColumns, r, weighted);
        } else if (maskColumns == 1) {
            double m = masks[r];
            return m == 0 ? 0 : weighted ? m * classWeight() : columns;
        }
        int first = r * columns;
        double[] classWeights = weights.columns();
        double sum = 0;
        if (weighted) {
            for (int k = 0; k < columns; k++) {
                sum += masks[first + k] * (classWeights == null ? 1 : classWeights[k]);
            }
            return sum;
        }
        int count = 0;
        for (int i = first; i < first + columns; i++) {
            count += masks[i] == 0 ? 0 : 1;
        }
        return count;
    }

    /** The weight of all classes together. */
    private double classWeight() {
        double[] classWeights = weights.columns();
        return classWeights == null
                ? predictions.columns()
                : Arrays.stream(classWeights).sum();
    }

    private double elementsBesides(
            long ignored, double[] tile, double[] masks, int maskColumns, int r, boolean weighted) {
        int columns = predictions.columns();
        double[] classWeights = weights.columns();
        double sum = 0;
        for (int k = 0; k < columns; k++) {
            double m = masks[maskColumns == 1 ? r : r * columns + k];
            if (m != 0 && tile[r * columns + k] != ignored) {
                sum += weighted ? (classWeights == null ? m : m * classWeights[k]) : 1;
            }
        }
        return sum;
    }

    private double row(double[] tile, double[] masks, int maskColumns, int r, boolean weighted) {
        int columns = predictions.columns();
        double[] classWeights = weights.columns();
        if (!weighted || !weighsLabels()) {
            double most = 0;
            for (int k = 0; k < maskColumns; k++) {
                most = Math.max(most, masks[r * maskColumns + k]);
            }
            boolean ignored = labels.index()
                    && labels.ignored().isPresent()
                    && tile[r] == labels.ignored().getAsLong();
            return most == 0 || ignored ? 0 : weighted ? most : 1;
        }
        if (labels.index()) {
            if (labels.ignored().isPresent() && tile[r] == labels.ignored().getAsLong()) {
                return 0;
            }
            if (!(tile[r] >= 0 && tile[r] < columns)) {
                return 0; // the backend reports it, naming the row
            }
            int k = (int) tile[r];
            return (maskColumns == 1 ? masks[r] : masks[r * maskColumns + k])
                    * (classWeights == null ? 1 : classWeights[k]);
        }
        double sum = 0;
        for (int k = 0; k < columns; k++) {
            double m = masks[maskColumns == 1 ? r : r * columns + k];
            sum += m == 0 ? 0 : tile[r * columns + k] * m * (classWeights == null ? 1 : classWeights[k]);
        }
        return sum;
    }
}
