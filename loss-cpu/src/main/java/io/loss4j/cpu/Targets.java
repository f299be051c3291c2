package io.loss4j.cpu;

import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.backend.Weights;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The labels of a tile of rows as weights of classes: index, one-hot and soft labels, smoothed, weighted and masked. A row
 * with a single non-zero label is the same as a class index.
 */
final class Targets {
    /** Several classes have a weight: ask {@link #effective}. */
    static final int SOFT = -1;
    /** The row takes no part: masked, ignored, or of weight 0. */
    static final int NOTHING = -2;

    /** Rows of fewer columns are searched together: sums below twice this are of one element. */
    private static final int MARK = 64;

    private final LossJob job;
    private final Labels labels;
    private final int columns;
    private final double @Nullable [] classWeights;
    private final @Nullable Rows mask;
    private final int maskColumns;
    private final Primitives primitives;
    private final FloatTiles tiles;

    /** By row: the only class with a weight, {@link #SOFT} or {@link #NOTHING}. */
    final int[] hot;
    /** By row: the weight of the hot class. */
    final double[] weight;
    /** By row: the mask, or its mean over the row. */
    final double[] rowWeight;
    /** By row: the mean of the mask. */
    final double[] maskMean;
    /** By row: the only class that the label names, before smoothing; or {@link #SOFT}. */
    private final int[] named;
    /** By row: the label of the named class, 1 for a class index. */
    private final double[] given;

    /** Whether labels are class indices without weights, masks, smoothing or ignored ones. */
    private final boolean plainIndices;

    private final long[] indices;
    /** Dense labels, in the precision of the predictions. */
    private final float[] singles;

    /** Of each element of short rows: {@link #MARK} plus its column. */
    private final float[] marks;

    private final float[] marked;
    /** By row: the sum of the marks of what is not 0. */
    private final float[] marksOfRows;

    /** Labels of longer rows, if they can be searched as they lie in memory; else null. */
    private final @Nullable FloatMemory memory;

    private final @Nullable DirectRows directRows;

    private final double[] doubles;
    private final double[] masks;

    /**
     * Whether the mask of a row multiplies its targets, so that a row without any weight is nothing; else the caller
     * multiplies the row by {@link #rowWeight}.
     */
    private final boolean maskInTargets;
    /** By row: whether the mask is the same in all columns, and so acts as the weight of the row. */
    private final boolean[] evenMask;

    /** For the fast kernels: tiles of so many rows, dense labels in the precision of the predictions. */
    static Targets forKernel(LossJob job, int rows, Primitives primitives) {
        return new Targets(job, rows, true, job.predictions().type() == DataType.DOUBLE, primitives);
    }

    /** For the formula of a softmax loss: tiles of so many rows, in double. */
    static Targets forFormula(LossJob job, int rows, Primitives primitives) {
        return new Targets(job, rows, true, true, primitives);
    }

    /** For row losses, which need not be linear in their targets: the mask of the row is left to the caller. */
    static Targets forRowLoss(LossJob job, int rows, Primitives primitives) {
        return new Targets(job, rows, false, true, primitives);
    }

    /** The same with dense labels in the precision of the predictions. */
    static Targets forRowKernel(LossJob job, int rows, Primitives primitives) {
        return new Targets(job, rows, false, false, primitives);
    }

    private Targets(LossJob job, int rows, boolean maskInTargets, boolean wide, Primitives primitives) {
        this.maskInTargets = maskInTargets;
        this.job = job;
        this.labels = job.labels();
        this.columns = job.predictions().columns();
        Weights weights = job.weights();
        this.classWeights = weights.columns();
        this.mask = weights.mask();
        this.maskColumns = mask == null ? 0 : mask.columns();
        this.primitives = primitives;
        this.tiles = new FloatTiles(primitives);
        Scratch scratch = Scratch.ofThisThread();
        hot = scratch.ints(rows);
        weight = scratch.doubles(rows);
        rowWeight = scratch.doubles(rows);
        maskMean = scratch.doubles(rows);
        given = scratch.doubles(rows);
        indices = scratch.longs(labels.index() ? rows : 0);
        boolean marking = !labels.index() && !wide && columns < MARK;
        // A vector more than there are elements: rows need not end where vectors do.
        singles = scratch.floats(
                labels.index() || wide ? 0 : roundUp(rows * columns, primitives.lanes()) + primitives.lanes());
        marks = scratch.floats(marking ? roundUp(rows * columns, primitives.lanes()) : 0);
        marked = scratch.floats(marks.length);
        marksOfRows = scratch.floats(marking ? rows : 0);
        for (int i = 0, k = 0; i < marks.length; i++, k = k + 1 < columns ? k + 1 : 0) {
            marks[i] = MARK + k;
        }
        boolean direct = !labels.index() && !wide && columns >= MARK && primitives.reachesMemory();
        memory = direct ? FloatMemory.ofRows(labels.rows()) : null;
        directRows = memory == null ? null : primitives.directRows();
        doubles = scratch.doubles(labels.index() || !wide ? 0 : rows * columns);
        masks = scratch.doubles(rows * maskColumns);
        evenMask = scratch.booleans(rows);
        plainIndices = labels.index()
                && labels.smoothing() == 0
                && labels.ignored().isEmpty()
                && classWeights == null
                && mask == null;
        named = plainIndices ? hot : scratch.ints(rows);
        Arrays.fill(rowWeight, 1);
        Arrays.fill(maskMean, 1);
        Arrays.fill(weight, 1);
        Arrays.fill(given, 1);
    }

    private static int roundUp(int n, int unit) {
        return (n + unit - 1) / unit * unit;
    }

    /** Class indices and nothing else: all weights stay 1. */
    private void loadPlainIndices(long firstRow, int n) {
        if (labels.rows().loadInts(firstRow, n, hot)) {
            int outside = 0; // negative if any label is
            for (int r = 0; r < n; r++) {
                outside |= hot[r] | (columns - 1 - hot[r]);
            }
            for (int r = 0; r < n && outside < 0; r++) {
                if (hot[r] < 0 || hot[r] >= columns) {
                    throw job.labelOutOfRange(firstRow + r, hot[r]);
                }
            }
            return;
        }
        labels.rows().loadIndices(job.spec().id(), firstRow, n, indices);
        long outside = 0; // negative if any label is
        for (int r = 0; r < n; r++) {
            long label = indices[r];
            outside |= label | (columns - 1 - label);
            hot[r] = (int) label;
        }
        for (int r = 0; r < n && outside < 0; r++) {
            if (indices[r] < 0 || indices[r] >= columns) {
                throw job.labelOutOfRange(firstRow + r, indices[r]);
            }
        }
    }

    /** Reads the labels and masks of a tile. */
    void load(long firstRow, int n) {
        if (plainIndices) {
            loadPlainIndices(firstRow, n);
            return;
        }
        loadMask(firstRow, n);
        if (labels.index()) {
            loadIndices(firstRow, n);
        } else {
            loadDense(firstRow, n);
        }
        boolean smoothed = labels.smoothing() != 0;
        boolean vanishes = vanishWithoutLabel();
        boolean idleRows = mask != null || classWeights != null;
        for (int r = 0; r < n; r++) {
            if (hot[r] >= 0) {
                weight[r] = given[r] * labelWeight(r, named[r]);
                if (smoothed) {
                    hot[r] = SOFT;
                } else if (weight[r] == 0 && vanishes) {
                    hot[r] = NOTHING;
                }
            }
            if (hot[r] == SOFT && idleRows && vanishes && hasNoWeight(r)) {
                hot[r] = NOTHING;
            }
        }
    }

    /** Whether every row has a single class of weight 1. */
    boolean areUnweighted() {
        return plainIndices;
    }

    /** Whether targets are labels as they are, but for smoothing: without class weights and masks, in single precision. */
    boolean arePlain() {
        return classWeights == null && mask == null && doubles.length == 0;
    }

    /** The dense labels of a tile, row after row, as they are; only of tiles with a soft label. */
    float[] singles() {
        return singles;
    }

    /** Reads the masks of a tile alone. */
    void loadMask(long firstRow, int n) {
        if (mask == null) {
            Arrays.fill(rowWeight, 0, n, 1);
            Arrays.fill(maskMean, 0, n, 1);
            return;
        }
        mask.load(firstRow, n, 0, maskColumns, masks, 0);
        for (int r = 0; r < n; r++) {
            weighRow(r);
        }
    }

    private void weighRow(int r) {
        double first = masks[r * maskColumns];
        double sum = 0;
        evenMask[r] = true;
        for (int k = 0; k < maskColumns; k++) {
            double m = masks[r * maskColumns + k];
            evenMask[r] &= m == first;
            sum += m;
        }
        maskMean[r] = evenMask[r] ? first : sum / maskColumns;
        rowWeight[r] = evenMask[r] || maskInTargets ? maskMean[r] : 1;
    }

    private void loadIndices(long firstRow, int n) {
        labels.rows().loadIndices(job.spec().id(), firstRow, n, indices);
        boolean ignoring = labels.ignored().isPresent();
        long ignored = labels.ignored().orElse(0);
        for (int r = 0; r < n; r++) {
            long label = indices[r];
            if (rowWeight[r] == 0 || ignoring && label == ignored) {
                hot[r] = NOTHING;
                continue;
            }
            if (label < 0 || label >= columns) {
                throw job.labelOutOfRange(firstRow + r, label);
            }
            hot[r] = (int) label;
            named[r] = (int) label;
            given[r] = 1;
        }
    }

    /**
     * Searches labels where they lie.
     *
     * @return false if some have to be loaded after all, as they are soft
     */
    private boolean searchDense(long firstRow, int n) {
        long first = firstRow * columns;
        if (memory == null || directRows == null || !memory.holds(first, n * columns)) {
            return false;
        }
        for (int r = 0; r < n; r++) {
            int only = directRows.onlyNonZero(memory, first + (long) r * columns, columns);
            if (only == SOFT || only == -2 && !vanishWithoutLabel()) {
                return false;
            }
            name(r, only, only < 0 ? 0 : directRows.nonZero());
        }
        return true;
    }

    /** Whether rows without any label take no part. */
    private boolean vanishWithoutLabel() {
        return maskInTargets && job.zLoss() == 0;
    }

    /** With the only class that has a label, or none. */
    private void name(int r, int only, double label) {
        if (rowWeight[r] == 0) {
            hot[r] = NOTHING;
        } else if (only == -2) {
            hot[r] = vanishWithoutLabel() ? NOTHING : SOFT;
            named[r] = SOFT;
        } else {
            hot[r] = only;
            named[r] = only;
            given[r] = label;
        }
    }

    private void loadDense(long firstRow, int n) {
        if (searchDense(firstRow, n)) {
            return;
        }
        if (doubles.length > 0) {
            labels.rows().load(firstRow, n, 0, columns, doubles, 0);
        } else {
            tiles.load(labels.rows(), firstRow, n, 0, columns, singles);
        }
        if (marks.length > 0) {
            int whole = roundUp(n * columns, primitives.lanes());
            primitives.markNonZero(singles, marks, marked, whole);
            SoftmaxKernel.sumRows(marked, columns, n, marksOfRows);
        }
        for (int r = 0; r < n; r++) {
            int only = onlyNonZero(r);
            name(r, only, only < 0 ? 0 : label(r, only));
        }
    }

    private int onlyNonZero(int r) {
        if (marks.length > 0) {
            int mark = (int) marksOfRows[r];
            return mark == 0 ? -2 : mark < 2 * MARK ? mark - MARK : SOFT;
        }
        return doubles.length > 0
                ? onlyNonZero(doubles, r * columns, columns)
                : primitives.onlyNonZero(singles, r * columns, columns);
    }

    private static int onlyNonZero(double[] t, int at, int n) {
        int found = -2;
        for (int k = 0; k < n; k++) {
            if (t[at + k] != 0) {
                if (found >= 0) {
                    return SOFT;
                }
                found = k;
            }
        }
        return found;
    }

    private double label(int r, int k) {
        return doubles.length > 0 ? doubles[r * columns + k] : singles[r * columns + k];
    }

    /** What multiplies the label term of a class: its class weight times the mask. */
    private double labelWeight(int r, int k) {
        double w = classWeights == null ? 1 : classWeights[k];
        if (mask == null) {
            return w;
        }
        return evenMask[r] ? (maskInTargets ? w * rowWeight[r] : w) : w * masks[r * maskColumns + k];
    }

    /** The only class that the label of a row names, before smoothing; or {@link #SOFT}. */
    int named(int r) {
        return named[r];
    }

    /** The weight of the label of a class before smoothing: label times class weight times mask. */
    double weightOfLabel(int r, int k) {
        return original(r, k) * labelWeight(r, k) * (maskInTargets ? 1 : rowWeight[r]);
    }

    private boolean hasNoWeight(int r) {
        for (int k = 0; k < columns; k++) {
            if (labelWeight(r, k) != 0 && (labels.smoothing() != 0 || original(r, k) != 0)) {
                return false;
            }
        }
        return true;
    }

    /** The label of a class as it was given; 1 at a class index. */
    double original(int r, int k) {
        return named[r] >= 0 ? (named[r] == k ? given[r] : 0) : label(r, k);
    }

    /** Writes the effective targets of a row: smoothed labels times class weights times mask. */
    void effective(int r, double[] targets) {
        if (hot[r] >= 0) {
            Arrays.fill(targets, 0);
            targets[hot[r]] = weight[r];
            return;
        }
        double spread = spread(r);
        double kept = 1 - labels.smoothing();
        if (classWeights == null && mask == null) {
            unweighted(r, kept, spread, targets);
            return;
        }
        for (int k = 0; k < columns; k++) {
            double w = labelWeight(r, k);
            targets[k] = w == 0 ? 0 : w * (kept * original(r, k) + spread);
        }
    }

    private void unweighted(int r, double kept, double spread, double[] targets) {
        if (named[r] >= 0) {
            Arrays.fill(targets, 0, columns, spread);
            targets[named[r]] = kept * given[r] + spread;
        } else if (doubles.length > 0) {
            for (int k = 0; k < columns; k++) {
                targets[k] = kept * doubles[r * columns + k] + spread;
            }
        } else {
            for (int k = 0; k < columns; k++) {
                targets[k] = kept * singles[r * columns + k] + spread;
            }
        }
    }

    /** Writes the smoothed labels of a row and the weights of its elements apart: class weights times mask. */
    void weighed(int r, double[] targets, double[] weights) {
        boolean independent = Labels.areIndependent(job.spec(), columns);
        double spread = independent ? labels.smoothing() / 2 : spread(r);
        for (int k = 0; k < columns; k++) {
            boolean ignored = independent
                    && !labels.index()
                    && labels.ignored().isPresent()
                    && original(r, k) == labels.ignored().getAsLong();
            weights[k] = ignored ? 0 : labelWeight(r, k);
            targets[k] = weights[k] == 0 ? 0 : (1 - labels.smoothing()) * original(r, k) + spread;
        }
    }

    /** What smoothing gives every class of a softmax. */
    private double spread(int r) {
        double s = labels.smoothing();
        if (s == 0) {
            return 0;
        }
        double sum = named[r] >= 0 ? given[r] : 0;
        for (int k = 0; k < columns && named[r] < 0; k++) {
            sum += label(r, k);
        }
        return s * sum / columns;
    }
}
