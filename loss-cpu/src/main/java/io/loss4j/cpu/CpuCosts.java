package io.loss4j.cpu;

import io.loss4j.backend.LossJob;
import io.loss4j.backend.Offer;

/** What a job is estimated to cost, for the comparison with other backends. */
final class CpuCosts {
    /** Handing over, scheduling and summing up, in nanoseconds. */
    private static final double FIXED = 2_000;

    /** Per element on one thread, in nanoseconds: the middle of the fast kernels. */
    private static final double PER_ELEMENT = 0.6;

    private CpuCosts() {}

    static Offer offer(LossJob job) {
        return new Offer.Accept(FIXED + PER_ELEMENT * job.elements() / Crew.size(job.elements()));
    }
}
