package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.Outputs;
import io.loss4j.backend.Weights;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every elementwise loss needs besides its formula: labels smoothed, elements weighted, and how a job is cut into
 * tiles. Where nothing depends on columns and all arrays lie alike in memory, rows and columns are forgotten.
 */
final class ElementTile {
    /**
     * Elements in a tile: a dozen arrays of this length fit the L1 cache. Half as many cost focal losses 20 %, twice as many
     * all of them 5 % (AMD EPYC, JDK 17).
     */
    static final int SIZE = 1024;

    /** Elements in a chunk of work. */
    private static final int CHUNK = 1 << 14;

    final LossJob job;
    final Rows predictions;
    final Rows labels;
    final @Nullable Rows mask;
    final @Nullable Rows gradient;
    final @Nullable Rows terms;
    /** Whether terms are sums of rows. */
    final boolean termsPerRow;

    final int columns;
    final boolean smoothed;
    /** Whether elements have weights other than 1. */
    final boolean weighted;

    ElementTile(LossJob job, boolean formulaPerColumn) {
        this.job = job;
        Outputs outputs = job.outputs();
        Weights weights = job.weights();
        Rows wantedTerms = outputs.terms();
        termsPerRow = wantedTerms != null
                && wantedTerms.elements() != job.predictions().elements();
        boolean free = !formulaPerColumn
                && weights.columns() == null
                && weights.positive() == null
                && outputs.classes() == null
                && (weights.mask() == null
                        || weights.mask().columns() == job.predictions().columns())
                && !termsPerRow;
        Rows[] flat = free ? flat(job) : null;
        predictions = flat == null ? job.predictions() : flat[0];
        labels = flat == null ? job.labels().rows() : flat[1];
        int next = 2;
        mask = flat == null || weights.mask() == null ? weights.mask() : flat[next++];
        gradient = flat == null || outputs.gradient() == null ? outputs.gradient() : flat[next++];
        terms = flat == null || wantedTerms == null ? wantedTerms : flat[next];
        columns = predictions.columns();
        smoothed = job.labels().smoothing() != 0;
        weighted = mask != null
                || weights.columns() != null
                || job.labels().ignored().isPresent();
    }

    private static Rows @Nullable [] flat(LossJob job) {
        Outputs outputs = job.outputs();
        Rows[] all = {job.predictions(), job.labels().rows(), job.weights().mask(), outputs.gradient(), outputs.terms()
        };
        return Rows.flat(Arrays.stream(all).filter(Objects::nonNull).toArray(Rows[]::new));
    }

    long rows() {
        return predictions.rows();
    }

    /** Rows in a tile, if a row fits into one. */
    int tileRows() {
        return Math.max(1, SIZE / columns);
    }

    /** Length of a tile's arrays: enough for a tile of this job, in whole vectors of any kind. */
    int capacity() {
        long present = Math.min(SIZE, predictions.elements());
        return (int) (present + 63) / 64 * 64;
    }

    int chunkRows() {
        int tile = tileRows();
        return Math.max(tile, CHUNK / columns / tile * tile);
    }

    /** Columns in a tile: all of them, unless a row is longer than a tile. */
    int tileColumns() {
        return Math.min(columns, SIZE);
    }

    /** Computes one tile: rows from {@code row}, columns from {@code firstColumn}. */
    interface Body {
        /** Returns the sum of the tile's terms, and adds them by row to the row terms where those are wanted. */
        double compute(long row, int n, int firstColumn, int count);
    }

    /** Walks over the tiles of some rows, and stores the terms of rows where they are wanted. */
    double forEach(long firstRow, int rows, double[] rowTerms, Body body) {
        double sum = 0;
        for (long row = firstRow; row < firstRow + rows; row += tileRows()) {
            int n = (int) Math.min(tileRows(), firstRow + rows - row);
            Arrays.fill(rowTerms, 0);
            for (int k = 0; k < columns; k += tileColumns()) {
                sum += body.compute(row, n, k, Math.min(tileColumns(), columns - k));
            }
            if (termsPerRow && terms != null) {
                terms.store(rowTerms, 0, row, n, 0, 1);
            }
        }
        return sum;
    }

    /** Binary labels: y (1 - s) + s / 2. */
    double smooth(double y) {
        double s = job.labels().smoothing();
        return y * (1 - s) + s / 2;
    }

    /**
     * Reads the weights of a tile's elements, before labels are smoothed.
     *
     * @param y the labels as they were given
     * @param scratch of the length of a tile, for masks
     */
    void weigh(long row, int n, int firstColumn, int count, Labels y, double[] scratch, double[] weights) {
        double[] classWeights = job.weights().columns();
        int maskColumns = mask == null ? 0 : mask.columns() == 1 ? 1 : count;
        if (mask != null) {
            mask.load(row, n, maskColumns == 1 ? 0 : firstColumn, maskColumns, scratch, 0);
        }
        boolean ignoring = job.labels().ignored().isPresent();
        long ignored = job.labels().ignored().orElse(0);
        for (int r = 0; r < n; r++) {
            for (int k = 0; k < count; k++) {
                int i = r * count + k;
                double w = classWeights == null ? 1 : classWeights[firstColumn + k];
                w *= maskColumns == 0 ? 1 : scratch[maskColumns == 1 ? r : i];
                weights[i] = ignoring && y.at(i) == ignored ? 0 : w;
            }
        }
    }

    /** The labels of a tile. */
    interface Labels {
        double at(int i);
    }
}
