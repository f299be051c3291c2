package io.loss4j.tck;

/** Every golden case of the losses that exist. Needs the folder of golden cases, see {@link GoldenConformance}. */
class ReferenceGoldenTest extends GoldenConformance {
    @Override
    protected String backend() {
        return "reference";
    }
}
