package io.loss4j.cuda;

import io.loss4j.loss.LogitTransform;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One launch: {@link io.loss4j.backend.LossJob} with arrays in device memory.
 *
 * @param formula the loss
 * @param predictions N x K
 * @param labels class indices or as many columns as the predictions
 * @param index whether they are class indices
 * @param smoothing of labels
 * @param ignored the label that is left out
 * @param classWeights by column, or null
 * @param positiveWeights by column, or null
 * @param mask of rows or elements, or absent
 * @param logits the change made to logits
 * @param zLoss factor of the squared log-partition
 * @param scale of value and gradient
 * @param gradient where it goes, or absent
 * @param terms where they go, or absent
 * @param value whether the scaled sum is wanted
 * @param rowOffset number of the first row in the whole batch
 */
record DeviceJob(
        Formula formula,
        DeviceRows predictions,
        DeviceRows labels,
        boolean index,
        double smoothing,
        OptionalLong ignored,
        double @Nullable [] classWeights,
        double @Nullable [] positiveWeights,
        DeviceRows mask,
        LogitTransform logits,
        double zLoss,
        double scale,
        DeviceRows gradient,
        DeviceRows terms,
        boolean value,
        long rowOffset) {
    private static final int PARTITION = 0;
    private static final int SUMS = 1;
    private static final int RESULTS = 2;

    /** Fewer rows than a GPU has multiprocessors: a block for each would leave most of them idle. */
    private static final int FEW_ROWS = 64;

    boolean isElementwise() {
        return formula.accepted().shape().equals("elementwise");
    }

    /** Whether an elementwise loss writes sums of rows. */
    boolean termsPerRow() {
        return isElementwise() && terms.isPresent() && terms.columns() == 1 && predictions.columns() > 1;
    }

    /** The way to launch it; there is always one, the last of each shape. */
    KernelTable.Regime regime(int mostSharedBytes) {
        for (KernelTable.Regime r : KernelTable.REGIMES) {
            long shared = r.sharedBytes(predictions.columns(), predictions.type());
            if (r.shape().equals(formula.accepted().shape())
                    && predictions.columns() >= r.least()
                    && predictions.columns() <= r.most()
                    && shared <= mostSharedBytes
                    && r.needs().stream().allMatch(this::meets)) {
                return r;
            }
        }
        throw new IllegalStateException("kernels.table has no regime for " + predictions);
    }

    /** The launches that it takes, by the numbers of {@code job.cuh}: more than one where rows are spread over blocks. */
    int[] phases(KernelTable.Regime regime) {
        if (regime.parts(predictions.rows(), predictions.columns()) == 1) {
            return new int[] {RESULTS};
        }
        return hasClassIndices() ? new int[] {PARTITION, RESULTS} : new int[] {PARTITION, SUMS, RESULTS};
    }

    /** Whether a row has one class at most that counts. */
    private boolean hasClassIndices() {
        return index && smoothing == 0;
    }

    private boolean meets(String need) {
        return switch (need) {
            case "rowmajor" -> predictions.isRowMajor() && gradient.isRowMajor();
            case "columns" -> predictions.hasAdjacentColumns() && gradient.hasAdjacentColumns();
            case "across" -> predictions.rowStride() < predictions.columnStride() && predictions.rows() >= 256;
            case "few" -> predictions.rows() <= FEW_ROWS;
            case "spread" -> (index || smoothing == 0) && mask.columns() == 1;
            case "plain" -> hasClassIndices() || formula.accepted().formula() == 0 && hasPlainLabels();
            case "flat" ->
                predictions.isRowMajor()
                        && labels.isRowMajor()
                        && gradient.isRowMajor()
                        && (mask.columns() == 1 || mask.isRowMajor())
                        && terms.isRowMajor()
                        && !termsPerRow();
            default -> throw new IllegalStateException("kernels.table needs '" + need + "'");
        };
    }

    private boolean hasPlainLabels() {
        boolean dense = labels.type() == predictions.type() && labels.columnStride() == 1 && logits.margin() == null;
        return (index || dense) && mask.columns() == 1;
    }
}
