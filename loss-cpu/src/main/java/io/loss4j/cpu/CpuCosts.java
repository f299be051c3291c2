package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.Offer;

/**
 * What a job is estimated to cost, for the comparison with other backends: orders of magnitude, read off runs on a busy
 * AMD EPYC with JDK 17, November 2026.
 */
final class CpuCosts {
    /** Handing over, scheduling and summing up, in nanoseconds. */
    private static final double FIXED = 2_000;

    /** Per element on one thread, in nanoseconds: the middle of the fast kernels, which take 0.3 to 3. */
    static final double KERNEL = 0.6;

    /** The same for losses of rows and overlap losses, whose kernels take 1.4 to 16, and for most losses in double. */
    static final double ROW_KERNEL = 5;

    /** The same for formulas in double, which take 10 to 100. */
    static final double FORMULA = 25;

    private CpuCosts() {}

    static Offer offer(LossJob job, double perElement) {
        return new Offer.Accept(FIXED + perElement * job.elements() / Crew.size(job.elements()));
    }
}
