package io.loss4j.cpu;

import io.loss4j.backend.Labels;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.Activation;
import io.loss4j.loss.SoftCountLoss;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A tile of a loss of soft counts, for one worker: probabilities, smoothed labels and masks, row after row. */
final class OverlapTile {
    private final LossJob job;
    private final Primitives primitives;
    private final int columns;
    private final boolean sigmoid;
    private final boolean softmax;
    private final boolean independent;
    private final boolean paired;
    private final float[] tail;
    private final @Nullable SoftmaxTile ofRows;
    private final long[] indices;
    private final float[] rowMasks;

    /** Predictions. */
    final float[] x;
    /** Probabilities. */
    final float[] p;
    /** 1 - p. */
    final float[] q;
    /** Labels. */
    final float[] y;
    /** Labels in double, by which errors are told apart; empty if nobody wants them. */
    final double[] wideLabels;
    /** Masks: 0 where an element is masked or ignored. */
    final float[] w;

    /**
     * @param activation what makes probabilities of predictions; ANY if they are what the loss takes
     * @param paired whether two columns are counted against each other
     * @param wide whether labels are wanted in double
     */
    OverlapTile(LossJob job, int rows, Activation activation, boolean paired, boolean wide, Primitives primitives) {
        this.job = job;
        this.paired = paired;
        this.primitives = primitives;
        columns = job.predictions().columns();
        sigmoid = activation == Activation.SIGMOID;
        softmax = activation == Activation.SOFTMAX;
        independent = Labels.areIndependent(job.spec(), columns);
        int n = rows * columns;
        x = SoftmaxTile.array(n, primitives);
        tail = SoftmaxTile.array(sigmoid ? n : 0, primitives);
        ofRows = softmax ? new SoftmaxTile(columns, rows, primitives) : null;
        p = ofRows == null ? SoftmaxTile.array(n, primitives) : ofRows.p;
        q = ofRows == null ? SoftmaxTile.array(n, primitives) : ofRows.q;
        y = SoftmaxTile.array(n, primitives);
        w = SoftmaxTile.array(n, primitives);
        Scratch scratch = Scratch.ofThisThread();
        wideLabels = scratch.doubles(wide ? n : 0);
        indices = scratch.longs(job.labels().index() ? rows : 0);
        rowMasks = scratch.floats(rows);
        Arrays.fill(w, 1);
    }

    /** Reads so many rows. */
    void load(long firstRow, int rows) {
        boolean masked = loadMasks(firstRow, rows);
        masked |= job.labels().index() ? loadIndices(firstRow, rows) : loadLabels(firstRow, rows);
        smooth(rows);
        job.predictions().load(firstRow, rows, 0, columns, x, 0);
        if (masked) {
            hide(rows);
        }
        activate(rows);
        if (paired) {
            pair(rows);
        }
    }

    /**
     * Gives labels and weights the form that counts as {@link SoftCountLoss#paired} wants: the no of a row has the weight
     * of its yes, and the yes of a row both, of which the label is its part.
     */
    private void pair(int rows) {
        for (int i = 0; i < 2 * rows; i += 2) {
            float yes = w[i + 1] * y[i + 1];
            float both = w[i] * y[i] + yes;
            w[i] = yes;
            y[i] = 1;
            w[i + 1] = both;
            y[i + 1] = both == 0 ? 0 : yes / both;
        }
    }

    /** Returns whether there are masks at all. */
    private boolean loadMasks(long firstRow, int rows) {
        Rows mask = job.weights().mask();
        if (mask == null) {
            if (paired || job.labels().ignored().isPresent()) {
                Arrays.fill(w, 1);
            }
            return false;
        }
        if (mask.columns() == columns) {
            mask.load(firstRow, rows, 0, columns, w, 0);
            return true;
        }
        mask.load(firstRow, rows, 0, 1, rowMasks, 0);
        for (int r = 0; r < rows; r++) {
            Arrays.fill(w, r * columns, (r + 1) * columns, rowMasks[r]);
        }
        return true;
    }

    /** Class indices as rows with a 1; an ignored one masks its row. Returns whether there was one. */
    private boolean loadIndices(long firstRow, int rows) {
        boolean ignoring = job.labels().ignored().isPresent();
        long ignored = job.labels().ignored().orElse(0);
        boolean any = false;
        job.labels().rows().loadIndices(job.spec().id(), firstRow, rows, indices);
        Arrays.fill(y, 0, rows * columns, 0);
        for (int r = 0; r < rows; r++) {
            int at = r * columns;
            if (ignoring && indices[r] == ignored) {
                Arrays.fill(w, at, at + columns, 0);
                any = true;
            } else if (indices[r] >= 0 && indices[r] < columns) {
                y[at + (int) indices[r]] = 1;
            } else if (!isOut(at)) {
                throw job.labelOutOfRange(firstRow + r, indices[r]);
            }
        }
        return any;
    }

    private boolean isOut(int at) {
        for (int i = at; i < at + columns; i++) {
            if (w[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Labels as they are; where each is of its own, an ignored one masks its element. Returns whether there was one. */
    private boolean loadLabels(long firstRow, int rows) {
        job.labels().rows().load(firstRow, rows, 0, columns, y, 0);
        boolean any = false;
        if (independent && job.labels().ignored().isPresent()) {
            long ignored = job.labels().ignored().getAsLong();
            for (int i = 0; i < rows * columns; i++) {
                if (y[i] == ignored) {
                    w[i] = 0;
                    any = true;
                }
            }
        }
        return any;
    }

    private void smooth(int rows) {
        double s = job.labels().smoothing();
        if (wideLabels.length > 0) {
            for (int i = 0; i < rows * columns; i++) {
                wideLabels[i] = y[i];
            }
        }
        for (int at = 0; s != 0 && at < rows * columns; at += columns) {
            double sum = independent ? columns / 2.0 : SoftmaxTile.sum(y, at, columns);
            double share = s * sum / columns;
            float kept = (float) (1 - s);
            float spread = (float) share;
            for (int i = at; i < at + columns; i++) {
                y[i] = y[i] * kept + spread;
            }
            for (int i = at; i < at + columns && wideLabels.length > 0; i++) {
                wideLabels[i] = wideLabels[i] * (1 - s) + share;
            }
        }
    }

    /** What is masked, whatever stood there, even NaN; but a softmax needs all logits of a row. */
    private void hide(int rows) {
        for (int at = 0; at < rows * columns; at += columns) {
            boolean keep = softmax && !isOut(at);
            for (int i = at; i < at + columns; i++) {
                if (w[i] == 0) {
                    x[i] = keep ? x[i] : 0;
                    y[i] = 0;
                    if (wideLabels.length > 0) {
                        wideLabels[i] = 0;
                    }
                }
            }
        }
    }

    private void activate(int rows) {
        int n = rows * columns;
        if (ofRows != null) {
            ofRows.of(x, rows);
            for (int r = 0; r < rows; r++) {
                if (ofRows.top[r] < 0) {
                    softmax(r * columns);
                }
            }
        } else if (sigmoid) {
            primitives.sigmoid(x, tail, p, q, SoftmaxTile.whole(n, primitives));
        } else {
            System.arraycopy(x, 0, p, 0, n);
            for (int i = 0; i < n; i++) {
                q[i] = 1 - p[i];
            }
        }
    }

    /** A row with infinities or NaN: classes of probability 0, or none at all. */
    private void softmax(int at) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + columns; i++) {
            max = Math.max(max, x[i]);
        }
        double sum = 0;
        for (int i = at; i < at + columns; i++) {
            double e = max == Float.NEGATIVE_INFINITY ? 0 : Math.exp((double) x[i] - max);
            p[i] = (float) e;
            sum += e;
        }
        for (int i = at; i < at + columns && sum != 0; i++) {
            p[i] = (float) (p[i] / sum);
        }
        for (int i = at; i < at + columns; i++) {
            q[i] = 1 - p[i];
        }
    }

    /** From derivatives by probabilities to those by predictions. */
    void chain(int rows, float[] gradient) {
        int n = rows * columns;
        if (sigmoid) {
            for (int i = 0; i < n; i++) {
                gradient[i] *= p[i] * q[i];
            }
        } else if (ofRows != null) {
            for (int r = 0; r < rows; r++) {
                ofRows.fromProbabilities(r, gradient);
            }
        }
    }
}
