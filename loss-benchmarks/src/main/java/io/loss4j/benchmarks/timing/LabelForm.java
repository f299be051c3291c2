package io.loss4j.benchmarks.timing;

/** What the labels of a workload look like. */
public enum LabelForm {
    /** One class index per row: INT [rows, 1]. */
    INDEX("/index"),
    /** A one and zeros in every row, which nobody is told: FLOAT [rows, columns]. */
    ONE_HOT("/dense"),
    /** A distribution in every row: FLOAT [rows, columns]. */
    SOFT("/soft"),
    /** Zeros and ones: FLOAT [rows, columns]. */
    YES_NO(""),
    /** Any numbers: FLOAT [rows, columns]. */
    REAL("");

    /** As part of a workload's name. */
    final String suffix;

    LabelForm(String suffix) {
        this.suffix = suffix;
    }
}
