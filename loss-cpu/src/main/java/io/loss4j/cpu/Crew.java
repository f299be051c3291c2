package io.loss4j.cpu;

import io.loss4j.backend.Availability;
import io.loss4j.backend.ClassTotals;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The threads. The caller always works too and never waits for a helper that has not started, so a busy pool costs speed
 * but cannot block anyone.
 */
final class Crew {
    static final String PROPERTY = "loss4j.cpu.threads";

    /** Below this many elements handing over costs more than it gains: a parked thread takes 13 to 23 us to wake. */
    private static final long ALONE_BELOW = 40_000;

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static final ExecutorService HELPERS = helpers();

    private Crew() {}

    private static ExecutorService helpers() {
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "loss4j-cpu-" + NAMES.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** How many threads may work: the property, else what ND4J was told to use; never more than there are processors. */
    static int threads() {
        int processors = Runtime.getRuntime().availableProcessors();
        Integer asked = Integer.getInteger(PROPERTY);
        if (asked != null && asked > 0) {
            return Math.min(asked, processors);
        }
        int nd4j = Nd4j.getEnvironment().maxMasterThreads();
        return nd4j > 0 ? Math.min(nd4j, processors) : processors;
    }

    /** What is wrong with the property, or null. */
    static Availability.@Nullable Unavailable wrongThreads() {
        String asked = System.getProperty(PROPERTY);
        Integer number = Integer.getInteger(PROPERTY);
        if (asked == null || number != null && number > 0) {
            return null;
        }
        return new Availability.Unavailable(
                "L4J-B13",
                "-D" + PROPERTY + " is '" + asked + "', expected a whole number from 1",
                "correct it or remove it",
                null);
    }

    /** How many threads are worth their waking for so many elements. */
    static int size(long elements) {
        return elements < ALONE_BELOW ? 1 : threads();
    }

    /** Runs all rows, adds up their totals by class if they are wanted, and returns the sum of their terms. */
    static double run(RowKernel kernel, long rows, long elements, @Nullable ClassTotals totals) {
        int chunkRows = kernel.chunkRows();
        long chunks = (rows + chunkRows - 1) / chunkRows;
        if (chunks == 1) {
            return kernel.sum(new double[] {alone(kernel, (int) rows, totals)});
        }
        if (chunks > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(rows + " rows are too many");
        }
        int crew = (int) Math.min(chunks, size(elements));
        double[] sums = new double[(int) chunks];
        Shift shift = new Shift(kernel, rows, chunkRows, sums, totals);
        Helper[] helpers = new Helper[crew - 1];
        CountDownLatch finished = new CountDownLatch(helpers.length);
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(shift, finished);
            HELPERS.execute(helpers[i]);
        }
        shift.work();
        for (Helper helper : helpers) {
            helper.callOff();
        }
        awaitUninterruptibly(finished);
        shift.rethrow();
        return kernel.sum(sums);
    }

    @SuppressWarnings("try") // the worker finds the scratch by itself
    private static double alone(RowKernel kernel, int rows, @Nullable ClassTotals totals) {
        try (Scratch scratch = Scratch.open()) {
            return kernel.worker().process(0, rows, totals);
        }
    }

    /** One helper's part in a job; called off if the work is done before it starts. */
    private static final class Helper implements Runnable {
        private final Shift shift;
        private final CountDownLatch finished;
        private final AtomicBoolean taken = new AtomicBoolean();

        Helper(Shift shift, CountDownLatch finished) {
            this.shift = shift;
            this.finished = finished;
        }

        @Override
        public void run() {
            if (taken.compareAndSet(false, true)) {
                try {
                    shift.work();
                } finally {
                    finished.countDown();
                }
            }
        }

        void callOff() {
            if (taken.compareAndSet(false, true)) {
                finished.countDown();
            }
        }
    }

    static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The chunks of one job, taken one by one by whoever is free. */
    private static final class Shift {
        private final RowKernel kernel;
        private final long rows;
        private final int chunkRows;
        private final double[] sums;
        private final AtomicLong next = new AtomicLong();
        private long failedChunk = Long.MAX_VALUE;
        private @Nullable Throwable failure;
        private final @Nullable ClassTotals totals;
        /** Totals of chunks that wait for those before them, so that sums have an order: about as many as workers. */
        private final Map<Long, ClassTotals> waiting = new HashMap<>();

        private long nextTotals;

        Shift(RowKernel kernel, long rows, int chunkRows, double[] sums, @Nullable ClassTotals totals) {
            this.kernel = kernel;
            this.rows = rows;
            this.chunkRows = chunkRows;
            this.sums = sums;
            this.totals = totals;
        }

        @SuppressWarnings("try") // the worker finds the scratch by itself
        void work() {
            long chunk = Long.MAX_VALUE - 1; // a worker that cannot be made counts after every chunk
            try (Scratch scratch = Scratch.open()) {
                RowKernel.Worker worker = kernel.worker();
                while ((chunk = next.getAndIncrement()) < sums.length) {
                    long first = chunk * chunkRows;
                    ClassTotals own = totals == null ? null : new ClassTotals(totals.groups());
                    sums[(int) chunk] = worker.process(first, (int) Math.min(chunkRows, rows - first), own);
                    if (totals != null && own != null) {
                        merge(chunk, own, totals);
                    }
                }
            } catch (RuntimeException | Error e) {
                fail(chunk, e);
            }
        }

        private synchronized void merge(long chunk, ClassTotals own, ClassTotals all) {
            waiting.put(chunk, own);
            for (ClassTotals next = waiting.remove(nextTotals); next != null; next = waiting.remove(++nextTotals)) {
                all.add(next);
            }
        }

        /** Chunks before this one have been taken already, so the first failure in row order is always the one kept. */
        private synchronized void fail(long chunk, Throwable e) {
            next.set(sums.length);
            if (chunk < failedChunk) {
                failedChunk = chunk;
                failure = e;
            }
        }

        synchronized void rethrow() {
            if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            }
        }
    }
}
