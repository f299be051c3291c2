package io.loss4j.cuda;

import io.loss4j.tck.BackendConformance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every loss that has a kernel, by the rules of the contract; the others are declined with a reason. */
@ExtendWith(FakeDriver.class)
class CudaBackendConformanceTest extends BackendConformance {
    @Override
    protected String backend() {
        return "cuda";
    }
}
