package io.loss4j.tck;

import java.util.Set;

/** What the reference backend can do wrong, and the rules that must find it. */
enum Fault {
    NONE(Set.of()),
    LOSES_LAST_ROW(Set.of("r1_1")),
    FORGETS_CHANGE_OF_LOGITS(Set.of("r1_1")),
    FORGETS_Z_LOSS_OF_ROWS(Set.of("r1_1")),
    COMPUTES_IN_HALF(Set.of("r1_1")),
    OVERFLOWS(Set.of("r1_2")),
    CLIPS_GRADIENT(Set.of("r1_2")),
    ZERO_TIMES_INFINITY(Set.of("r1_3")),
    SPREADS_NAN(Set.of("r1_4")),
    DOES_NOT_SCALE_GRADIENT(Set.of("r2_1", "r4_1")),
    WRITES_PREDICTIONS(Set.of("r2_3")),
    RETURNS_A_SHARED_GRADIENT(Set.of("r2_3")),
    VALUE_ALONE_IS_LESS_EXACT(Set.of("r2_4")),
    SWAPS_CLASS_WEIGHTS(Set.of("r3_1", "r4_4")),
    TRAINS_MASKED_ROWS(Set.of("r3_2")),
    TRAINS_IGNORED_LABELS(Set.of("r3_2")),
    USES_FIRST_COLUMN_OF_MASK(Set.of("r3_3")),
    IGNORES_MASK(Set.of("r3_2", "r3_3", "r4_2", "r4_4")),
    CLAMPS_LABELS(Set.of("r3_4")),
    NORMALISES_LABELS(Set.of("r3_5")),
    SMOOTHS_AFTER_WEIGHTS(Set.of("r3_6")),
    WEIGHS_BOTH_TERMS(Set.of("r3_7")),
    SCALES_TERMS(Set.of("r4_1")),
    DEPENDS_ON_THREADS(Set.of("r4_3")),
    ACCUMULATES_IN_FLOAT(Set.of("r4_3")),
    COUNTS_IGNORED_ROWS(Set.of("r4_4")),
    COUNTS_WITHOUT_CLASS_WEIGHTS(Set.of("r4_4")),
    MISREADS_F_ORDER(Set.of("r5_1")),
    SHIFTS_VIEWS(Set.of("r5_1")),
    CANNOT_READ_BOOL(Set.of("r5_2")),
    IS_NOT_REENTRANT(Set.of("r6_1")),
    STAYS_BROKEN(Set.of("r6_2")),
    DECLINES_EVERYTHING(Set.of("r8_0"));

    private final Set<String> rules;

    Fault(Set<String> rules) {
        this.rules = rules;
    }

    Set<String> rules() {
        return rules;
    }
}
