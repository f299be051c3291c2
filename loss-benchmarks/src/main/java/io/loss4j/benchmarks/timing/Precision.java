package io.loss4j.benchmarks.timing;

import java.util.Locale;

/** The data type of predictions and gradient; labels that are no indices have it too. */
public enum Precision {
    /** 32 bits. */
    FLOAT(Float.BYTES, 1e-3),
    /** 64 bits. */
    DOUBLE(Double.BYTES, 1e-3),
    /** 16 bits, 11 of them for the digits. */
    HALF(Short.BYTES, 2e-3),
    /** 16 bits, 8 of them for the digits. */
    BFLOAT16(Short.BYTES, 2e-2);

    /** Of one number. */
    public final int bytes;
    /** How far a contender may be off before it counts as wrong: half a unit in the last place is the least there is. */
    final double tolerance;

    Precision(int bytes, double tolerance) {
        this.bytes = bytes;
        this.tolerance = tolerance;
    }

    /** As part of a workload's name. */
    String suffix() {
        return this == FLOAT ? "" : "/" + name().toLowerCase(Locale.ROOT);
    }
}
