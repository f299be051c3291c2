package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Workload;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;

/**
 * The workspace that a call runs in, as every loss in a network does; outside, fresh memory costs some 10 us per 4 KiB page
 * on first use, and large gradients would measure the allocator. It refuses to grow, so that nothing is taken from outside
 * unnoticed.
 */
final class CallWorkspace {
    private static final long SMALL_THINGS = 1 << 20;

    private CallWorkspace() {}

    /** With room for so many arrays of the size of the predictions. */
    static WorkspaceConfiguration of(Workload workload, int arrays) {
        int bytes = Math.max(Float.BYTES, workload.precision().bytes);
        return WorkspaceConfiguration.builder()
                .initialSize(arrays * workload.elements() * bytes + SMALL_THINGS)
                .policyAllocation(AllocationPolicy.STRICT)
                .policyLearning(LearningPolicy.NONE)
                .policySpill(SpillPolicy.FAIL)
                .build();
    }
}
