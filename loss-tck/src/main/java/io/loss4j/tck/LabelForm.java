package io.loss4j.tck;

import io.loss4j.loss.LossSpec;
import java.util.List;
import java.util.stream.Stream;

/** What labels look like. */
enum LabelForm {
    /** One class index per row. */
    INDEX,
    /** 0 or 1 per column: one 1 per row for losses over classes. */
    ONE_HOT,
    /** From 0 to 1 per column, summing to 1 for losses over classes. */
    SOFT,
    /** How often each class was seen. */
    COUNTS,
    /** Any numbers: regression. */
    VALUES;

    /** The forms that a loss takes, the usual one first. */
    static List<LabelForm> of(LossSpec spec, int columns) {
        if (LossExample.takesClasses(spec)) {
            boolean counts = !LossExample.isBatch(spec) && !LossExample.weighsElements(spec);
            return Stream.of(INDEX, ONE_HOT, SOFT, COUNTS)
                    .filter(form -> form != INDEX || columns > 1)
                    .filter(form -> form != COUNTS || counts)
                    .toList();
        }
        return LossExample.isClassification(spec) ? List.of(ONE_HOT, SOFT) : List.of(VALUES);
    }
}
