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
    private static final double PER_ELEMENT = 0.6;

    /** The same for formulas in double, which take 10 to 100. */
    private static final double PER_ELEMENT_BY_FORMULA = 25;

    private CpuCosts() {}

    static Offer offer(LossJob job, boolean hasKernel) {
        double perElement = hasKernel ? PER_ELEMENT : PER_ELEMENT_BY_FORMULA;
        return new Offer.Accept(FIXED + perElement * job.elements() / Crew.size(job.elements()));
    }
}
