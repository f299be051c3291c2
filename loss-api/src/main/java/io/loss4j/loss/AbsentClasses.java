package io.loss4j.loss;

/** What a class costs, or a row, that has no label above 0. */
public enum AbsentClasses {
    /** Its score, like any other: whatever is predicted of it is wrong. */
    COUNT,
    /** Nothing, but it counts in the mean over the classes. */
    FREE,
    /** Nothing, and it is left out of the mean over the classes. */
    SKIP
}
