package io.loss4j.tck;

/** A correct backend passes everything. */
class ReferenceBackendTest extends BackendConformance {
    @Override
    protected String backend() {
        return "reference";
    }
}
