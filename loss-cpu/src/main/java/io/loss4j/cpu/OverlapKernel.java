package io.loss4j.cpu;

import io.loss4j.backend.ClassTotals;
import io.loss4j.backend.LossJob;
import io.loss4j.loss.Activation;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.SoftCountLoss;
import io.loss4j.loss.SoftCountTable;
import io.loss4j.loss.SoftCounts;
import io.loss4j.tensor.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Losses of soft counts of a batch, in single precision on all threads: counts of chunks of rows, added up in their order;
 * what they cost, once; and the gradient in a second pass, which computes probabilities anew rather than keep them.
 */
final class OverlapKernel {
    /** Elements in a chunk of work. */
    private static final int CHUNK = 1 << 15;

    /** But no fewer rows, so that the tables of the chunks stay smaller than the batch. */
    private static final int FEWEST_ROWS = 64;

    private static final int TILE = 1 << 12;

    /** Narrow rows are counted several at once, so that loops are long enough for vectors. */
    private static final int LEAST_PERIOD = 64;

    /** Slopes beyond would overflow or vanish in single precision. */
    private static final double WIDE = 1e30;

    private final LossJob job;
    private final SoftCountLoss loss;
    private final SoftCounts counts;
    private final Primitives primitives;
    private final int columns;
    private final boolean paired;
    private final Activation activation;
    private final int tileRows;
    private final int chunkRows;
    private final int period;

    OverlapKernel(LossJob job, SoftCountLoss loss, Primitives primitives) {
        this.job = job;
        this.loss = loss;
        this.primitives = primitives;
        counts = loss.counts();
        columns = job.predictions().columns();
        activation = job.spec().input() == InputForm.LOGITS ? job.spec().activation() : Activation.ANY;
        paired = loss.paired() && columns == 2;
        period = columns * Math.max(1, LEAST_PERIOD / columns);
        int rowsOfPeriod = period / columns;
        tileRows = Math.max(1, TILE / period) * rowsOfPeriod;
        chunkRows = (Math.max(FEWEST_ROWS, CHUNK / columns) + tileRows - 1) / tileRows * tileRows;
    }

    double compute() {
        long rows = job.predictions().rows();
        SoftCountTable[] chunks = new SoftCountTable[(int) ((rows + chunkRows - 1) / chunkRows)];
        if (rows > 0) {
            run(() -> new Counter(chunks));
        }
        SoftCountTable table = new SoftCountTable(columns);
        for (SoftCountTable chunk : chunks) {
            table.add(chunk);
        }
        double[] classWeights = job.weights().columns();
        if (classWeights == null) {
            classWeights = new double[columns];
            Arrays.fill(classWeights, 1);
        }
        double value = loss.evaluate(table, classWeights);
        Rows out = job.outputs().gradient();
        if (out != null && rows > 0) {
            Slopes slopes = new Slopes(table);
            run(() -> new Writer(slopes, out));
        }
        return value;
    }

    private interface Workers {
        RowKernel.Worker make();
    }

    private void run(Workers workers) {
        RowKernel kernel = new RowKernel() {
            @Override
            public int chunkRows() {
                return chunkRows;
            }

            @Override
            public Worker worker() {
                return workers.make();
            }
        };
        Crew.run(kernel, job.predictions().rows(), job.elements(), null);
    }

    /** The first pass. */
    private final class Counter implements RowKernel.Worker {
        private final Scratch scratch = Scratch.ofThisThread();
        private final SoftCountTable[] tables;
        private final OverlapTile tile = new OverlapTile(job, tileRows, activation, paired, false, primitives);
        private final float[] truePositive = scratch.floats(period);
        private final float[] falsePositive = scratch.floats(period);
        private final float[] falseNegative = scratch.floats(period);
        private final float[] trueNegative = scratch.floats(period);
        private final float[] label = scratch.floats(period);
        private final float[] weight = scratch.floats(period);

        Counter(SoftCountTable[] tables) {
            this.tables = tables;
        }

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals totals) {
            SoftCountTable table = new SoftCountTable(columns);
            for (long row = firstRow; row < firstRow + rows; row += tileRows) {
                int n = (int) Math.min(tileRows, firstRow + rows - row);
                tile.load(row, n);
                count(n * columns, table);
            }
            tables[(int) (firstRow / chunkRows)] = table;
            return 0;
        }

        private void count(int elements, SoftCountTable table) {
            for (float[] sums :
                    new float[][] {truePositive, falsePositive, falseNegative, trueNegative, label, weight}) {
                Arrays.fill(sums, 0);
            }
            for (int from = 0; from < elements; from += period) {
                int n = Math.min(period, elements - from);
                switch (counts) {
                    case PRODUCT -> products(from, n);
                    case SQUARED -> squares(from, n);
                    case MINIMUM -> minima(from, n);
                }
                others(from, n);
            }
            for (int i = 0; i < period; i++) {
                table.add(
                        i % columns,
                        truePositive[i],
                        falsePositive[i],
                        falseNegative[i],
                        trueNegative[i],
                        label[i],
                        weight[i]);
            }
        }

        private void others(int from, int n) {
            for (int i = 0; i < n; i++) {
                float w = tile.w[from + i];
                float y = tile.y[from + i];
                trueNegative[i] += w * (1 - y) * tile.q[from + i];
                label[i] += w * y;
                weight[i] += w;
            }
        }

        private void products(int from, int n) {
            for (int i = 0; i < n; i++) {
                float w = tile.w[from + i];
                float y = tile.y[from + i];
                float p = tile.p[from + i];
                truePositive[i] += w * y * p;
                falsePositive[i] += w * (1 - y) * p;
                falseNegative[i] += w * y * tile.q[from + i];
            }
        }

        /** p - y is y ((1 - y) - q) + (1 - y) (p - y), which keeps the digits of a sure yes and of a sure no. */
        private void squares(int from, int n) {
            for (int i = 0; i < n; i++) {
                float w = tile.w[from + i];
                float y = tile.y[from + i];
                float p = tile.p[from + i];
                float above = y * (1 - y - tile.q[from + i]) + (1 - y) * (p - y);
                truePositive[i] += w * y * p;
                falsePositive[i] += w * p * above;
                falseNegative[i] -= w * y * above;
            }
        }

        private void minima(int from, int n) {
            for (int i = 0; i < n; i++) {
                float w = tile.w[from + i];
                float y = tile.y[from + i];
                float p = tile.p[from + i];
                float above = y * (1 - y - tile.q[from + i]) + (1 - y) * (p - y);
                truePositive[i] += w * Math.min(y, p);
                falsePositive[i] += w * Math.max(0, above);
                falseNegative[i] += w * Math.max(0, -above);
            }
        }
    }

    /**
     * The derivative of the loss by a probability, times the scale: w (ofLabel y + ofRest (1 - y) + ofSize 2 p) of counts
     * that are products or squares; repeated over a period.
     */
    private final class Slopes {
        final float[] ofLabel = new float[period];
        final float[] ofRest = new float[period];
        final float[] ofSize = new float[period];
        final SoftCountTable table;
        boolean wide;

        Slopes(SoftCountTable table) {
            this.table = table;
            boolean squared = counts == SoftCounts.SQUARED;
            for (int i = 0; i < period; i++) {
                int k = i % columns;
                double found = table.byTruePositive(k) - table.byFalseNegative(k);
                double wrong = table.byFalsePositive(k);
                ofLabel[i] = narrow(squared ? found - wrong : found);
                ofRest[i] = narrow((squared ? 0 : wrong) - table.byTrueNegative(k));
                ofSize[i] = narrow(squared ? wrong : 0);
            }
        }

        private float narrow(double slope) {
            double scaled = slope * job.scale();
            wide |= Math.abs(scaled) > WIDE || Math.abs(scaled) < 1 / WIDE && scaled != 0;
            return (float) scaled;
        }
    }

    /** The second pass. */
    private final class Writer implements RowKernel.Worker {
        private final Slopes slopes;
        private final Rows out;
        private final OverlapTile tile = new OverlapTile(job, tileRows, activation, paired, false, primitives);
        private final float[] gradient = Scratch.ofThisThread().floats(tileRows * columns);

        Writer(Slopes slopes, Rows out) {
            this.slopes = slopes;
            this.out = out;
        }

        @Override
        public double process(long firstRow, int rows, @Nullable ClassTotals totals) {
            for (long row = firstRow; row < firstRow + rows; row += tileRows) {
                int n = (int) Math.min(tileRows, firstRow + rows - row);
                tile.load(row, n);
                boolean plain = counts != SoftCounts.MINIMUM && !slopes.wide;
                for (int from = 0; from < n * columns; from += period) {
                    int count = Math.min(period, n * columns - from);
                    if (plain) {
                        linear(from, count);
                    } else {
                        oneByOne(from, count);
                    }
                }
                tile.chain(n, gradient);
                out.store(gradient, 0, row, n, 0, columns);
            }
            return 0;
        }

        private void linear(int from, int n) {
            for (int i = 0; i < n; i++) {
                float y = tile.y[from + i];
                float slope = slopes.ofLabel[i] * y + slopes.ofRest[i] * (1 - y);
                gradient[from + i] = tile.w[from + i] * slope;
            }
            if (counts == SoftCounts.SQUARED) {
                for (int i = 0; i < n; i++) {
                    gradient[from + i] += tile.w[from + i] * slopes.ofSize[i] * 2 * tile.p[from + i];
                }
            }
        }

        private void oneByOne(int from, int n) {
            for (int i = from; i < from + n; i++) {
                double slope = OverlapRowRule.byProbability(
                        counts, slopes.table, i % columns, tile.y[i], tile.p[i], tile.q[i]);
                gradient[i] = tile.w[i] == 0 ? 0 : (float) (job.scale() * tile.w[i] * slope);
            }
        }
    }
}
