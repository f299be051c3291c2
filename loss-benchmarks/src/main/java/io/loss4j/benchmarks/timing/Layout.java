package io.loss4j.benchmarks.timing;

/** How predictions and labels of the predictions' shape lie in memory. */
public enum Layout {
    /** Rows one after the other. */
    ROWS(""),
    /** Columns one after the other, order 'f'. */
    COLUMNS("/f"),
    /** A view: the first columns of an array with some more. */
    VIEW("/view");

    /** How many more columns the array behind a view has. */
    public static final int MORE = 24;

    /** As part of a workload's name. */
    final String suffix;

    Layout(String suffix) {
        this.suffix = suffix;
    }
}
