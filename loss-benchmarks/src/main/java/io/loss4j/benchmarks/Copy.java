package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Numbers;
import io.loss4j.benchmarks.timing.Outcome;
import io.loss4j.benchmarks.timing.Timed;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.benchmarks.timing.WrongResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the memory allows: reads labels and predictions once, writes an array of the gradient's size once, and computes
 * nothing.
 */
final class Copy implements Timed {
    private static final String WORKSPACE = "COPY";
    /** Fits the L1 cache: what is only read goes into a scratch buffer of this size. */
    private static final int CHUNK = 1 << 14;
    /** Below this one thread is faster than waking another. */
    private static final int ALONE_BELOW = 160_000;

    private final Workload workload;
    private final Wanted wanted;
    private final Batch batch;
    private final int threads;
    private final ByteBuffer predictions;
    private final ByteBuffer labels;
    private final WorkspaceConfiguration workspace;
    private final ThreadLocal<ByteBuffer> scratch = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK));

    Copy(Workload workload, Wanted wanted, Batch batch, int threads) {
        this.workload = workload;
        this.wanted = wanted;
        this.batch = batch;
        this.threads = threads;
        this.predictions = bytes(batch.predictions);
        this.labels = bytes(batch.labels);
        this.workspace = CallWorkspace.of(workload, 1);
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
    public String engine() {
        return "copies of buffers";
    }

    @Override
    public Numbers numbers() {
        return batch.numbers();
    }

    @Override
    @SuppressWarnings("try")
    public void call() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(workspace, WORKSPACE)) {
            if (wanted.hasGradient()) {
                write();
            } else {
                run(labels, this::readLabels);
                run(predictions, (offset, bytes) -> scratch.get().put(0, predictions, offset, bytes));
            }
        }
    }

    /** Nothing that the formula would know; the copy itself is checked here. */
    @Override
    @SuppressWarnings("try")
    public Outcome outcome() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(workspace, WORKSPACE)) {
            if (wanted.hasGradient() && !write().equalsWithEps(batch.predictions, 0)) {
                throw new WrongResult("the copy differs from the predictions");
            }
        }
        return Outcome.NOTHING;
    }

    private INDArray write() {
        INDArray result = Nd4j.createUninitialized(Batch.type(workload.precision()), batch.predictions.shape());
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
}
