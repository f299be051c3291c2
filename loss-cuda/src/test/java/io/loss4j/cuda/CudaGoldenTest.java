package io.loss4j.cuda;

import io.loss4j.tck.GoldenConformance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What other libraries compute. Reads {@code golden} in the folder of the system property {@code loss4j.shared}, by default
 * {@code shared} beside the checkout, or the folder {@code loss4j.golden}; without it the test is skipped. Losses without
 * a kernel run on the CPU, which has a test of its own.
 */
@ExtendWith(FakeDriver.class)
class CudaGoldenTest extends GoldenConformance {
    @Override
    protected String backend() {
        return "cuda,cpu";
    }
}
