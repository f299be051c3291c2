package io.loss4j.cuda;

import io.loss4j.backend.LossJob;
import io.loss4j.cuda.driver.Context;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.OptionalLong;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What work costs on a device, measured once per process with softmax cross-entropy.
 *
 * @param call nanoseconds of the smallest call, from pinned memory and back
 * @param packByte nanoseconds to copy a byte between an array and pinned memory
 * @param upByte nanoseconds to copy a byte to the device
 * @param downByte nanoseconds to copy a byte back
 * @param element nanoseconds per logit of a large kernel
 */
record Costs(double call, double packByte, double upByte, double downByte, double element) {
    private static final int REPEATS = 3;
    private static final int COPY_BYTES = 4 << 20;
    private static final int COLUMNS = 256;
    private static final int FEWEST_ROWS = 1 << 7;
    private static final int MOST_ROWS = 1 << 14;

    /** A kernel that takes so long is large enough to tell its speed. */
    private static final double LONG_ENOUGH = 200_000;

    /** DOUBLE was never measured: arithmetic at a fraction of the speed on most GPUs, twice the memory on all. */
    private static final double DOUBLE_FACTOR = 4;

    /** Losses of rows by formulas of their own: in double too, and several times over the row. */
    private static final double OWN_FACTOR = 8 * DOUBLE_FACTOR;

    /** Estimated nanoseconds of a job on arrays in host memory: the pieces of its stages overlap. */
    double ofHostJob(LossJob job) {
        double up = HostRun.bytesUp(job);
        double down = HostRun.bytesDown(job);
        double[] stages = {packByte * (up + down), upByte * up, downByte * down, ofElements(job)};
        double all = 0;
        double longest = 0;
        for (double stage : stages) {
            all += stage;
            longest = Math.max(longest, stage);
        }
        return call + longest + (all - longest) / HostRun.pieces(job);
    }

    /** The same on arrays in device memory. */
    double ofDeviceJob(LossJob job) {
        return call + ofElements(job);
    }

    private double ofElements(LossJob job) {
        boolean wide = job.predictions().type() == DataType.DOUBLE;
        boolean own = Formula.of(job.spec()).accepted().isOwn();
        return job.elements() * element * (own ? OWN_FACTOR : wide ? DOUBLE_FACTOR : 1);
    }

    static Costs measure(Gpu gpu) {
        Lane lane = gpu.lanes.take();
        boolean done = false;
        try {
            Costs costs = measure(gpu, lane);
            done = true;
            return costs;
        } finally {
            gpu.lanes.giveBack(lane, done);
        }
    }

    private static Costs measure(Gpu gpu, Lane lane) {
        double call = shortest(() -> run(gpu, lane, 1, true));
        lane.reserve(COPY_BYTES, COPY_BYTES);
        ByteBuffer heap = ByteBuffer.allocateDirect(COPY_BYTES);
        double pack = shortest(() -> lane.pinned(0, COPY_BYTES).put(heap.clear()));
        double up = shortest(() -> {
            lane.upload(0, COPY_BYTES, lane.stream);
            lane.synchronize();
        });
        double down = shortest(() -> {
            lane.download(0, COPY_BYTES, lane.stream);
            lane.synchronize();
        });
        return new Costs(call, pack / COPY_BYTES, up / COPY_BYTES, down / COPY_BYTES, element(gpu, lane));
    }

    private static double element(Gpu gpu, Lane lane) {
        for (int rows = FEWEST_ROWS; ; rows *= 2) {
            int n = rows;
            double time = shortest(() -> run(gpu, lane, n, false));
            if (time > LONG_ENOUGH || rows >= MOST_ROWS) {
                return time / ((double) rows * COLUMNS);
            }
        }
    }

    private static double shortest(Runnable work) {
        work.run(); // compiles, allocates, wakes the device
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }

    /** Value and gradient over zeros; with the copies of a small call, or the kernel alone. */
    private static void run(Gpu gpu, Lane lane, int rows, boolean copies) {
        Formula formula = Formula.of(new SoftmaxCrossEntropy());
        long bytes = (long) rows * COLUMNS * Float.BYTES;
        Frame frame = new Frame(
                formula,
                null,
                null,
                LogitTransform.IDENTITY,
                COLUMNS,
                new Frame.Sizes(bytes, (long) rows * Integer.BYTES, 0, bytes, 0));
        lane.reserve(frame.end, frame.outputsEnd);
        for (ByteBuffer zeros = lane.pinned(frame.labels, (long) rows * Integer.BYTES); zeros.hasRemaining(); ) {
            zeros.putInt(0);
        }
        frame.clearResults(lane);
        lane.upload(copies ? 0 : frame.labels, frame.inputsEnd, lane.stream);
        DeviceJob job = new DeviceJob(
                formula,
                DeviceRows.dense(lane.device(frame.predictions), ElementType.FLOAT, rows, COLUMNS),
                DeviceRows.dense(lane.device(frame.labels), ElementType.INT32, rows, 1),
                true,
                0,
                OptionalLong.empty(),
                null,
                null,
                DeviceRows.ABSENT,
                LogitTransform.IDENTITY,
                0,
                1,
                DeviceRows.dense(lane.device(frame.gradient), ElementType.FLOAT, rows, COLUMNS),
                DeviceRows.ABSENT,
                true,
                0);
        gpu.launch(job, frame, lane, lane.device(frame.value), lane.stream);
        lane.download(frame.fault, copies ? frame.outputsEnd : frame.gradient, lane.stream);
        Context.synchronize(lane.stream);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "a call %.0f us, up %.1f GB/s, down %.1f GB/s, to pinned memory %.1f GB/s, kernel %.3g ns per logit",
                call / 1e3,
                1 / upByte,
                1 / downByte,
                1 / packByte,
                element);
    }
}
