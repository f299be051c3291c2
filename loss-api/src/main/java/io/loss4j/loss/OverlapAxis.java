package io.loss4j.loss;

/** Over what the sums of an overlap go. */
public enum OverlapAxis {
    /** Over each row: a term per row, as for images that lie in rows with a column per pixel. */
    ROW,
    /** Over each column: the mean over the classes of the batch, weighted by class weights; a single term. */
    CLASS,
    /** Over everything: a single term. */
    BATCH
}
