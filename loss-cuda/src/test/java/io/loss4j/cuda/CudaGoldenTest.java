package io.loss4j.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.tck.GoldenConformance;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What other libraries compute. Reads {@code golden} in the folder of the system property {@code loss4j.shared}, by default
 * {@code shared} beside the checkout, or the folder {@code loss4j.golden}; without it the test is skipped. Losses without
 * a kernel run on the CPU, which has a test of its own.
 */
@ExtendWith(FakeDriver.class)
class CudaGoldenTest extends GoldenConformance {
    /** Cases of losses that have a kernel; each takes a launch for either type at least. */
    private static final int FEWEST_CASES = 450;

    @Override
    protected String backend() {
        return "cuda,cpu";
    }

    /** No kernel leaves its cases to the CPU unseen. */
    @AfterAll
    void r8_2_kernelsHaveComputedTheirCases() {
        if (FakeDriver.isInUse()
                && Files.exists(Path.of(System.getProperty("loss4j.shared", "none"), "golden", "torch.json"))) {
            long launches = FakeDriver.count("launches");
            assertTrue(launches >= 2 * FEWEST_CASES, () -> "only " + launches + " launches");
        }
    }
}
