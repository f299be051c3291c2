package io.loss4j.cuda;

import io.loss4j.cuda.driver.Context;
import io.loss4j.cuda.driver.CudaException;
import io.loss4j.cuda.driver.Device;
import io.loss4j.error.BackendException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A device that is in use: its context, its kernels, its lanes, what it costs, and whether it still works. */
final class Gpu {
    /** Left to the kernels' own variables. */
    private static final int STATIC_SHARED_BYTES = 4 << 10;

    final Device device;
    final Lanes lanes;
    private final Context context;
    private final Map<String, Long> modules = new ConcurrentHashMap<>();
    private final Map<String, Long> functions = new ConcurrentHashMap<>();
    /** Read: a call is at work. Write: everything is released. */
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

    private volatile @Nullable CudaException lost;
    private volatile boolean closed;
    private volatile @Nullable Costs costs;

    Gpu(Device device, long keptBytes) {
        this.device = device;
        this.lanes = new Lanes(keptBytes);
        this.context = Context.retain(device);
    }

    /** Why nothing can run here any more, or null. */
    @Nullable
    CudaException lost() {
        return lost;
    }

    /** Works with the context current; whoever loses the context closes the device. */
    <T> T use(Supplier<T> work) {
        inUse.readLock().lock();
        try {
            requireOpen();
            return context.call(work);
        } catch (CudaException e) {
            if (e.losesContext() && lost == null) {
                lost = e;
            }
            throw e;
        } finally {
            inUse.readLock().unlock();
            if (lost != null && inUse.writeLock().tryLock()) {
                try {
                    release();
                } finally {
                    inUse.writeLock().unlock();
                }
            }
        }
    }

    /** Released before work began; the device can be opened again. */
    static final class Released extends BackendException {
        private static final long serialVersionUID = 1L;

        Released(Device device) {
            super("L4J-C10", device.name() + " has been released", "call again", null);
        }
    }

    private void requireOpen() {
        CudaException cause = lost;
        if (cause != null) {
            throw new BackendException(
                    "L4J-C10",
                    device.name() + " is lost since " + cause.call() + " failed",
                    "restart the process",
                    cause);
        } else if (closed) {
            throw new Released(device);
        }
    }

    /** Waits for the calls at work and frees everything. */
    void close() {
        inUse.writeLock().lock();
        try {
            release();
        } finally {
            inUse.writeLock().unlock();
        }
    }

    private void release() {
        if (closed) {
            return;
        }
        closed = true;
        Lanes.tryTo(() -> context.call(() -> {
            lanes.clear();
            modules.values().forEach(m -> Lanes.tryTo(() -> Context.unloadModule(m)));
            return true;
        }));
        Lanes.tryTo(context::close);
    }

    /** Most dynamic shared memory of a block. */
    int sharedBytes() {
        return device.sharedBytes() - STATIC_SHARED_BYTES;
    }

    /** What keeps rows of so many columns from the kernel of a loss here, or null. */
    @Nullable
    String obstacle(KernelTable.Loss loss, ElementType type, long columns) {
        long most = KernelTable.mostColumns(loss, sharedBytes(), type);
        return columns <= most
                ? null
                : loss.id() + ": its kernel takes rows of up to " + most + " columns on " + device.name() + ", found "
                        + columns;
    }

    /** Compiles and loads the kernels of a loss and type, or does nothing if that has been done. */
    long module(String name) {
        return modules.computeIfAbsent(name, n -> Context.loadModule(n, KernelTable.resource(n + ".ptx")));
    }

    private long function(KernelTable.Loss loss, ElementType type, KernelTable.Regime regime) {
        String module = loss.module(type);
        String name = "loss4j_" + module + "_" + regime.name();
        boolean shares = regime.shared() > 0;
        // apart, for the same entry may first be used by a regime that needs no shared memory
        return functions.computeIfAbsent(shares ? name + " shared" : name, any -> {
            long function = Context.function(module(module), name);
            if (shares) {
                Context.allowSharedBytes(function, sharedBytes());
            }
            return function;
        });
    }

    /**
     * Launches a job whose constants and zeroed results are on the device or on their way there.
     *
     * @param valueAddress where the value goes, or 0
     */
    void launch(DeviceJob job, Frame frame, Lane lane, long valueAddress, long stream) {
        KernelTable.Regime regime = job.regime(sharedBytes());
        long function = function(job.formula().accepted(), job.predictions().type(), regime);
        DeviceRows x = job.predictions();
        for (int phase : job.phases(regime)) {
            frame.writeJob(job, regime, lane, valueAddress, phase);
            lane.launch(
                    function,
                    regime.grid(x.rows(), x.columns()),
                    regime.threads(),
                    (int) regime.sharedBytes(x.columns(), x.type()),
                    stream);
        }
    }

    /** What work costs here, measured when first asked for. */
    Costs costs() {
        Costs known = costs;
        return known != null ? known : measured();
    }

    private synchronized Costs measured() {
        Costs known = costs;
        if (known == null) {
            known = use(() -> Costs.measure(this));
            costs = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return device.toString();
    }
}
