package io.loss4j.benchmarks.gpu;

import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.cuda.CudaLoss;
import io.loss4j.cuda.DeviceArray;
import io.loss4j.cuda.DeviceOutputs;
import io.loss4j.cuda.driver.Context;
import java.nio.ByteBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/** Inputs and outputs of one call on the device, with numbers of their own. */
final class DeviceSet implements AutoCloseable {
    private static final byte POISON = (byte) 0xff; // NaN in every type

    private final DeviceSession session;
    private final GpuCase of;
    private final long predictions;
    private final long labels;
    private final long gradient;
    private final long value = Context.allocate(Double.BYTES);
    private final DeviceArray predictionsArray;
    private final DeviceArray labelsArray;
    private final DeviceOutputs outputs;

    DeviceSet(DeviceSession session, GpuCase of) {
        this.session = session;
        this.of = of;
        Workload workload = of.workload();
        predictions = Context.allocate(predictionBytes(of));
        labels = Context.allocate(labelBytes(of));
        gradient = of.wanted().hasGradient() ? Context.allocate(predictionBytes(of)) : 0;
        long[] shape = {workload.rows(), workload.columns()};
        DataType type = typeOf(workload.precision());
        int ordinal = session.device.ordinal();
        predictionsArray = DeviceArray.of(predictions, shape, type, ordinal);
        labelsArray = of.hasIndices()
                ? DeviceArray.of(labels, new long[] {workload.rows()}, DataType.INT32, ordinal)
                : DeviceArray.of(labels, shape, type, ordinal);
        outputs = new DeviceOutputs(
                of.wanted().hasValue() ? DeviceArray.of(value, new long[] {1}, DataType.DOUBLE, ordinal) : null,
                gradient != 0 ? DeviceArray.of(gradient, shape, type, ordinal) : null,
                null);
    }

    static DataType typeOf(Precision precision) {
        return DataType.valueOf(precision.name());
    }

    private static long predictionBytes(GpuCase of) {
        return of.workload().elements() * of.workload().precision().bytes;
    }

    private static long labelBytes(GpuCase of) {
        return of.hasIndices() ? (long) of.workload().rows() * Integer.BYTES : predictionBytes(of);
    }

    /** What one set takes. */
    static long bytes(GpuCase of) {
        return predictionBytes(of) * (of.wanted().hasGradient() ? 2 : 1) + labelBytes(of);
    }

    /** Draws new inputs; the sum of the predictions in their units, which tells whether the peers have the same. */
    long draw(Draw numbers) {
        long sum = 0;
        int width = of.workload().precision().bytes;
        int most = DeviceSession.STAGING_BYTES / Double.BYTES;
        long elements = of.workload().elements();
        for (long from = 0; from < elements; from += most) {
            int count = (int) Math.min(most, elements - from);
            sum += numbers.writePredictions(from, count, session.staging((long) count * width));
            session.upload(predictions + from * width, (long) count * width);
        }
        int labelWidth = of.hasIndices() ? Integer.BYTES : width;
        long count = labelBytes(of) / labelWidth;
        for (long from = 0; from < count; from += most) {
            int some = (int) Math.min(most, count - from);
            numbers.writeLabels(from, some, session.staging((long) some * labelWidth));
            session.upload(labels + from * labelWidth, (long) some * labelWidth);
        }
        return sum;
    }

    /** Writes NaN over the outputs. */
    void poison() {
        if (gradient != 0) {
            Context.fill(gradient, POISON, predictionBytes(of), session.stream);
        }
        Context.fill(value, POISON, Double.BYTES, session.stream);
    }

    /** Queues one call. */
    void run(CudaLoss loss) {
        loss.run(predictionsArray, labelsArray, null, outputs, session.stream);
    }

    /** The value of the last call. */
    double value() {
        return session.download(value, Double.BYTES).getDouble(0);
    }

    /** The value of the last call and a part of its gradient, as they lie in memory. */
    ByteBuffer gradient(long from, int count) {
        int width = of.workload().precision().bytes;
        return session.download(gradient + from * width, (long) count * width);
    }

    @Override
    public void close() {
        Context.synchronize(session.stream);
        Context.free(predictions);
        Context.free(labels);
        Context.free(value);
        if (gradient != 0) {
            Context.free(gradient);
        }
    }
}
