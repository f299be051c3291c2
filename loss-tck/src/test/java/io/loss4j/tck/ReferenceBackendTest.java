package io.loss4j.tck;

import org.junit.jupiter.api.Tag;

/** A correct backend passes everything. */
@Tag("once")
class ReferenceBackendTest extends BackendConformance {
    @Override
    protected String backend() {
        return "reference";
    }
}
