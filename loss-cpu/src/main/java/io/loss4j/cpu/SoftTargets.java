package io.loss4j.cpu;

import io.loss4j.backend.LossJob;

/**
 * Rows of cross-entropy with weights on several classes: soft labels, smoothed ones, class weights of one's own for each
 * class. Such a row needs the sum of its targets and that of their products with the logits; in the gradient the part that
 * is theirs alone is -scale times the target. Belongs to one worker.
 *
 * <p>Labels that are the targets, but for smoothing, are taken as they lie in single precision.
 */
final class SoftTargets {
    private final LossJob job;
    private final Targets targets;
    private final Primitives primitives;
    private final boolean plain;
    private final boolean isShort;
    private final int columns;
    private final int tileRows;
    private final float scale;
    /** Step from a row to the next and from a column to the next in a tile. */
    private final int rowStep;

    private final int columnStep;
    private final Scratch scratch = Scratch.ofThisThread();
    /** By row: the sum of its targets. */
    final double[] sum;
    /** By row: the sum of the exponentials of all classes. */
    final double[] total;
    /** By row: the sum of its targets times its logits. */
    private final double[] product;
    /** By row: what smoothing gives every class. */
    private final double[] spreads;
    /** Targets of a tile, at equal distance as logits are, unless labels are the targets. */
    private float[] singles = new float[0];
    /** Targets of a row in double. */
    private final double[] row;

    /** Of short rows. */
    private float[] sumsOfLogits = new float[0];

    private float[] sumsOfTargets = new float[0];
    private float[] sumsOfProducts = new float[0];
    private float[] products = new float[0];
    /** Of one row. */
    private final double[] sums = new double[3];

    private final float[] partial;

    /**
     * @param isShort whether sums are taken of whole tiles, as rows have too few columns for vectors
     */
    SoftTargets(
            LossJob job,
            Targets targets,
            Primitives primitives,
            boolean isShort,
            int tileRows,
            int rowStep,
            int columnStep) {
        this.job = job;
        this.targets = targets;
        this.primitives = primitives;
        this.isShort = isShort;
        this.tileRows = tileRows;
        this.rowStep = rowStep;
        this.columnStep = columnStep;
        plain = targets.arePlain();
        columns = job.predictions().columns();
        scale = (float) (-job.scale() * job.logits().scale());
        sum = scratch.doubles(tileRows);
        total = scratch.doubles(tileRows);
        product = scratch.doubles(tileRows);
        spreads = scratch.doubles(tileRows);
        row = scratch.doubles(plain ? 0 : columns);
        partial = scratch.floats(3 * primitives.lanes());
    }

    /** Reads the first n rows of a tile before {@link #take}. */
    void prepare(int n, float[] x) {
        if (plain && isShort) {
            sumShortRows(n, x);
        } else if (!plain && singles.length == 0) {
            singles = scratch.floats(x.length);
        }
    }

    /**
     * Takes the targets of a row.
     *
     * @param x logits of the tile
     * @return whether they have a finite product with the logits: one with a class that is ruled out has not, though it
     *     costs nothing if its target is 0
     */
    boolean take(int r, float[] x) {
        if (plain) {
            takePlain(r, x);
        } else {
            sum[r] = load(r);
            product[r] = productWith(x, r * rowStep);
            for (int k = 0, i = r * rowStep; k < columns; k++, i += columnStep) {
                singles[i] = (float) row[k];
            }
        }
        return Math.abs(product[r]) < Double.POSITIVE_INFINITY;
    }

    /** The loss of a row whose exponentials add up to e^logTotal. */
    double term(int r, double logTotal) {
        return sum[r] * logTotal - product[r];
    }

    /** Adds the part of the targets alone to a row of the gradient. */
    void add(int r, float[] gradient) {
        int at = r * rowStep;
        if (plain) {
            addPlain(r, gradient, at);
            return;
        }
        for (int k = 0, i = at; k < columns; k++, i += columnStep) {
            gradient[i] = Math.fma(singles[i], scale, gradient[i]);
        }
    }

    /** Whether {@link #addAll} does for rows with several labels. */
    boolean addTogether() {
        return plain && isShort && !job.labels().index() && job.labels().smoothing() == 0;
    }

    /** The same as {@link #add} for the first n rows. */
    void addAll(int n, float[] gradient) {
        float[] t = targets.singles();
        for (int i = 0; i < n * columns; i++) {
            gradient[i] = Math.fma(t[i], scale, gradient[i]);
        }
    }

    /** Labels that are the targets, but for smoothing, which takes from them and gives all classes the same. */
    private void takePlain(int r, float[] x) {
        double smoothing = job.labels().smoothing();
        int named = targets.named(r);
        addUp(r, x, named >= 0 ? x : targets.singles());
        double labels = sums[0];
        double withLogits = sums[1];
        if (named >= 0) {
            labels = targets.original(r, named);
            withLogits = labels * x[r * rowStep + named * columnStep];
        }
        double spread = smoothing * labels / columns;
        spreads[r] = spread;
        sum[r] = (1 - smoothing) * labels + columns * spread;
        product[r] = (1 - smoothing) * withLogits + (spread == 0 ? 0 : spread * sums[2]);
    }

    /** The sums of all rows at once, as short rows have too few columns for vectors. */
    private void sumShortRows(int n, float[] x) {
        if (sumsOfLogits.length == 0) {
            sumsOfLogits = scratch.floats(tileRows);
            sumsOfTargets = scratch.floats(tileRows);
            sumsOfProducts = scratch.floats(tileRows);
            products = scratch.floats(x.length);
        }
        if (!job.labels().index()) {
            float[] t = targets.singles();
            for (int i = 0; i < n * columns; i++) {
                products[i] = t[i] * x[i];
            }
            SoftmaxKernel.sumRows(t, columns, n, sumsOfTargets);
            SoftmaxKernel.sumRows(products, columns, n, sumsOfProducts);
        }
        if (job.labels().smoothing() != 0) {
            SoftmaxKernel.sumRows(x, columns, n, sumsOfLogits);
        }
    }

    private void addUp(int r, float[] x, float[] t) {
        if (isShort) {
            sums[0] = sumsOfTargets[r];
            sums[1] = sumsOfProducts[r];
            sums[2] = sumsOfLogits[r];
            return;
        }
        int at = r * rowStep;
        int lanes = primitives.lanes();
        if (columnStep == 1) {
            primitives.softSums(x, at, t, t == x ? at : r * columns, columns, partial, sums);
        } else {
            SoftSums.add(lanes, x, at, columnStep, t, t == x ? 0 : r * columns, columns, partial, sums);
        }
    }

    private void addPlain(int r, float[] gradient, int at) {
        float kept = (float) ((1 - job.labels().smoothing()) * scale);
        float spread = (float) (spreads[r] * scale);
        int named = targets.named(r);
        if (spread != 0) {
            for (int k = 0, i = at; k < columns; k++, i += columnStep) {
                gradient[i] += spread;
            }
        }
        if (named >= 0) {
            gradient[at + named * columnStep] += kept * (float) targets.original(r, named);
            return;
        }
        float[] t = targets.singles();
        int first = r * columns;
        if (columnStep == 1) {
            for (int k = 0; k < columns; k++) {
                gradient[at + k] = Math.fma(t[first + k], kept, gradient[at + k]);
            }
        } else {
            for (int k = 0, i = at; k < columns; k++, i += columnStep) {
                gradient[i] = Math.fma(t[first + k], kept, gradient[i]);
            }
        }
    }

    // Four sums at a time, as a single one would wait for itself; in the same order in both layouts.

    /** The sum of the targets of a row, which {@link #row} then holds. */
    private double load(int r) {
        double[] t = row;
        targets.effective(r, t);
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int k = 0;
        for (; k <= columns - 4; k += 4) {
            a += t[k];
            b += t[k + 1];
            c += t[k + 2];
            d += t[k + 3];
        }
        for (; k < columns; k++) {
            a += t[k];
        }
        return a + b + (c + d);
    }

    /** The sum of the targets times the logits, which lie at equal distance. */
    private double productWith(float[] x, int at) {
        int step = columnStep;
        double[] t = row;
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int k = 0;
        for (int i = at; k <= columns - 4; k += 4, i += 4 * step) {
            a += product(t[k], x[i]);
            b += product(t[k + 1], x[i + step]);
            c += product(t[k + 2], x[i + 2 * step]);
            d += product(t[k + 3], x[i + 3 * step]);
        }
        for (; k < columns; k++) {
            a += product(t[k], x[at + k * step]);
        }
        return a + b + (c + d);
    }

    /** Logits may be infinite where the target is 0. */
    private static double product(double target, float logit) {
        return target == 0 ? 0 : target * logit;
    }
}
