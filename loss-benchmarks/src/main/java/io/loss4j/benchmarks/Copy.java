package io.loss4j.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the memory allows: reads labels and predictions once, writes an array of the gradient's size once, and computes
 * nothing.
 */
final class Copy implements Timed {
    /** Fits the L1 cache: what is only read goes into a scratch buffer of this size. */
    private static final int CHUNK = 1 << 14;
    /** Below this one thread is faster than waking another. */
    private static final int ALONE_BELOW = 160_000;

    private final Batch batch;
    private final int threads;
    private final ByteBuffer predictions;
    private final ByteBuffer labels;
    private final ThreadLocal<ByteBuffer> scratch = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK));

    Copy(Batch batch, int threads) {
        this.batch = batch;
        this.threads = threads;
        this.predictions = bytes(batch.predictions);
        this.labels = bytes(batch.labels);
    }

    private static ByteBuffer bytes(INDArray array) {
        ByteBuffer bytes = array.data().asNio();
        if (bytes.capacity() < array.length() * array.dataType().width()) {
            throw new IllegalStateException("only " + bytes.capacity() + " bytes of " + array.shapeInfoToString());
        }
        return bytes;
    }

    private interface Step {
        void at(int offset, int bytes);
    }

    @Override
    public Pair<Double, INDArray> valueAndGradient() {
        return new Pair<>(0.0, gradient());
    }

    @Override
    public double value() {
        run(labels, this::readLabels);
        run(predictions, (offset, bytes) -> scratch.get().put(0, predictions, offset, bytes));
        return 0;
    }

    @Override
    public INDArray gradient() {
        INDArray result = Nd4j.createUninitialized(DataType.FLOAT, batch.predictions.shape());
        ByteBuffer to = bytes(result);
        if (labels.capacity() == predictions.capacity()) {
            run(predictions, (offset, bytes) -> {
                readLabels(offset, bytes);
                to.put(offset, predictions, offset, bytes);
            });
        } else {
            run(labels, this::readLabels);
            run(predictions, (offset, bytes) -> to.put(offset, predictions, offset, bytes));
        }
        return result;
    }

    private void readLabels(int offset, int bytes) {
        scratch.get().put(0, labels, offset, bytes);
    }

    /** All chunks, each by the first thread that is free. */
    private void run(ByteBuffer data, Step step) {
        int size = data.capacity();
        AtomicInteger next = new AtomicInteger();
        Runnable worker = () -> {
            for (int offset = next.getAndAdd(CHUNK); offset < size; offset = next.getAndAdd(CHUNK)) {
                step.at(offset, Math.min(CHUNK, size - offset));
            }
        };
        List<ForkJoinTask<?>> helpers = new ArrayList<>();
        for (int i = 1; i < threads && size >= ALONE_BELOW; i++) {
            helpers.add(ForkJoinPool.commonPool().submit(worker));
        }
        worker.run();
        helpers.forEach(ForkJoinTask::join);
    }

    @Override
    public void check(Wanted wanted) {
        if (wanted != Wanted.VALUE && !gradient().equalsWithEps(batch.predictions, 0)) {
            throw new IllegalStateException("the copy differs from the predictions");
        }
    }
}
