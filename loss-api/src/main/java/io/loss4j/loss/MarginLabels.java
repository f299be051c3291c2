package io.loss4j.loss;

/** How the labels of a margin loss are written. */
public enum MarginLabels {
    /** -1 and 1. */
    SIGNED,
    /** 0 and 1, as for cross-entropy; a label between them counts in proportion. */
    ZERO_ONE;

    /** The label as a number from -1 to 1. */
    double sign(double y) {
        return this == SIGNED ? y : 2 * y - 1;
    }
}
