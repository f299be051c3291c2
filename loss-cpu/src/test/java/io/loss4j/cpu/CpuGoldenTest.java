package io.loss4j.cpu;

import io.loss4j.tck.GoldenConformance;

/**
 * What other libraries compute. Reads {@code golden} in the folder of the system property {@code loss4j.shared}, by default
 * {@code shared} beside the checkout, or the folder {@code loss4j.golden}; without it the test is skipped.
 */
class CpuGoldenTest extends GoldenConformance {
    @Override
    protected String backend() {
        return "cpu";
    }
}
