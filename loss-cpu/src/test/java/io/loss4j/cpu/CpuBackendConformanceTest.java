package io.loss4j.cpu;

import io.loss4j.tck.BackendConformance;

/** Every loss, and losses known by their formula only, by the rules of the contract. Runs with SIMD and without. */
class CpuBackendConformanceTest extends BackendConformance {
    @Override
    protected String backend() {
        return "cpu";
    }
}
