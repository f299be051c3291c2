package io.loss4j.benchmarks.gpu;

import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.cuda.CudaLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.tensor.Half;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Holds a case against the same loss on the CPU in DOUBLE, and against itself. */
final class DeviceCheck {
    private static final int CHUNK = 1 << 22;

    /** Compared with themselves, cases get no larger than this. */
    private static final int REPEATED_ELEMENTS = 1 << 20;

    /** But with so many rows their kernels are those of the whole case. */
    private static final int REPEATED_ROWS = 256;

    private final DeviceSession session;
    private final GpuCase of;

    DeviceCheck(DeviceSession session, GpuCase of) {
        this.session = session;
        this.of = of;
    }

    /**
     * How far a call is off.
     *
     * @param value what it returned, NaN if it was not asked for
     * @param valueError relative
     * @param gradientError the largest, relative to the largest gradient of its row, or of the array for elementwise losses
     * @param normError of the whole gradient, relative
     * @param checksum of the predictions
     */
    record Errors(double value, double valueError, double gradientError, double normError, long checksum) {
        /** The largest; NaN if there is any, such as in an output that was not written. */
        double largest() {
            return Math.max(valueError, Math.max(gradientError, normError));
        }
    }

    /** One call, into poisoned outputs. */
    Errors errors(long seed) {
        Draw numbers = new Draw(of, seed);
        try (DeviceSet set = new DeviceSet(session, of)) {
            long checksum = set.draw(numbers);
            set.poison();
            set.run(CudaLoss.of(of.function()));
            double value = of.wanted().hasValue() ? set.value() : Double.NaN;
            Sums sums = new Sums(of.workload().spec() instanceof ElementwiseLoss);
            LossFunction onCpu = of.function().on("cpu");
            int columns = of.workload().columns();
            int chunkRows = Math.max(1, CHUNK / columns);
            for (int row = 0; row < of.workload().rows(); row += chunkRows) {
                compare(
                        set,
                        numbers,
                        onCpu,
                        row,
                        Math.min(chunkRows, of.workload().rows() - row),
                        sums);
            }
            return new Errors(
                    value,
                    of.wanted().hasValue() ? Math.abs(value - sums.value) / Math.abs(sums.value) : 0,
                    sums.gradientError(),
                    sums.normError(),
                    checksum);
        }
    }

    private void compare(DeviceSet set, Draw numbers, LossFunction onCpu, int row, int rows, Sums sums) {
        int columns = of.workload().columns();
        long from = (long) row * columns;
        double[] x = new double[rows * columns];
        Arrays.parallelSetAll(x, i -> numbers.prediction(from + i));
        try (INDArray predictions = Nd4j.createFromArray(x).reshape(rows, columns);
                INDArray labels = of.hasIndices() ? indices(numbers, row, rows) : labels(numbers, from, rows)) {
            LossResult expected = onCpu.valueAndGradient(predictions, labels, null);
            sums.value += expected.value();
            if (of.wanted().hasGradient()) {
                ByteBuffer found = set.gradient(from, x.length);
                double[] gradient = expected.gradient().data().asDouble();
                for (int r = 0; r < rows; r++) {
                    sums.addRow(
                            gradient, r * columns, columns, found, of.workload().precision());
                }
            }
            expected.gradient().close();
        }
    }

    private static INDArray indices(Draw numbers, int row, int rows) {
        int[] classes = new int[rows];
        Arrays.parallelSetAll(classes, i -> numbers.classOf(row + i));
        return Nd4j.createFromArray(classes).reshape(rows, 1);
    }

    private INDArray labels(Draw numbers, long from, int rows) {
        int columns = of.workload().columns();
        double[] y = new double[rows * columns];
        Arrays.parallelSetAll(y, i -> numbers.labelAt(from + i));
        return Nd4j.createFromArray(y).reshape(rows, columns);
    }

    /** What the comparison of a gradient comes to; a NaN stays in every maximum and sum. */
    private static final class Sums {
        private final boolean elementwise;
        private double value;
        private double worst;
        private double difference;
        private double magnitude;
        private double squaredDifference;
        private double squaredMagnitude;

        Sums(boolean elementwise) {
            this.elementwise = elementwise;
        }

        void addRow(double[] expected, int start, int columns, ByteBuffer found, Precision precision) {
            double largest = 0;
            double off = 0;
            for (int i = start; i < start + columns; i++) {
                double d = Math.abs(number(found, i, precision) - expected[i]);
                off = Math.max(off, d);
                largest = Math.max(largest, Math.abs(expected[i]));
                squaredDifference += d * d;
                squaredMagnitude += expected[i] * expected[i];
            }
            difference = Math.max(difference, off);
            magnitude = Math.max(magnitude, largest);
            if (!elementwise) {
                worst = Math.max(worst, ratio(off, largest)); // a row that is ignored has zeros exactly
            }
        }

        double gradientError() {
            return elementwise ? ratio(difference, magnitude) : worst;
        }

        double normError() {
            return ratio(Math.sqrt(squaredDifference), Math.sqrt(squaredMagnitude));
        }

        private static double ratio(double off, double of) {
            return off == 0 ? 0 : off / of;
        }

        private static double number(ByteBuffer from, int place, Precision precision) {
            int at = place * precision.bytes;
            return switch (precision) {
                case FLOAT -> from.getFloat(at);
                case DOUBLE -> from.getDouble(at);
                case HALF -> Half.halfToFloat(from.getShort(at));
                case BFLOAT16 -> Half.bfloatToFloat(from.getShort(at));
            };
        }
    }

    /** How many runs into poisoned outputs gave the bits of the first; as many as asked for if all did. */
    int sameBits(int runs, long seed) {
        long most =
                Math.max(REPEATED_ELEMENTS, (long) REPEATED_ROWS * of.workload().columns());
        GpuCase smaller = of.within(Math.min(of.workload().elements(), most));
        CudaLoss loss = CudaLoss.of(smaller.function());
        int width = smaller.workload().precision().bytes;
        byte[] first = new byte
                [smaller.wanted().hasGradient() ? (int) smaller.workload().elements() * width : 0];
        long value = 0;
        try (DeviceSet set = new DeviceSet(session, smaller)) {
            set.draw(new Draw(smaller, seed));
            for (int run = 0; run < runs; run++) {
                set.poison();
                set.run(loss);
                long valueBits = Double.doubleToRawLongBits(set.value());
                boolean same = run == 0 || value == valueBits;
                value = valueBits;
                for (int from = 0; from < first.length; from += CHUNK * width) {
                    int bytes = Math.min(CHUNK * width, first.length - from);
                    ByteBuffer found = set.gradient(from / width, bytes / width);
                    if (run == 0) {
                        found.get(first, from, bytes);
                    } else {
                        same &= found.mismatch(ByteBuffer.wrap(first, from, bytes)) < 0;
                    }
                }
                if (!same) {
                    return run;
                }
            }
            return runs;
        }
    }
}
