package io.loss4j.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** How busy the machine is while this program does nothing. */
final class OtherWork {
    /** More than this and the numbers tell about the neighbours. */
    static final double MUCH = 0.1;

    private static final Duration WATCHED = Duration.ofMillis(250);

    private OtherWork() {}

    /** The share of all processors that others use, from 0 to 1; NaN if the system does not say. */
    static double watch() throws InterruptedException {
        return watch(WATCHED);
    }

    private static double watch(Duration time) throws InterruptedException {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
            return Double.NaN;
        }
        system.getCpuLoad(); // the load since the call before
        Thread.sleep(time.toMillis());
        double load = system.getCpuLoad();
        return load < 0 ? Double.NaN : load;
    }

    /** Waits until the machine rests, but not longer than that; returns what {@link #watch()} would. */
    static double awaitRest(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        double work = watch();
        while (work > MUCH && System.nanoTime() - start < patience.toNanos()) {
            work = watch(WATCHED.multipliedBy(4));
        }
        return work;
    }
}
