package io.loss4j.loss;

/**
 * What a loss is, if it is the Lovasz extension of one minus intersection over union, such as {@link LovaszSoftmax}: a
 * backend can then sort the errors itself.
 *
 * <pre>
 *   value = sum_i max(0, e_(i)) (J_i - J_(i-1)) of a group     e_(1) &gt;= e_(2) &gt;= ..., equal ones in their order
 *   J_i   = 1 - (L - sum y w) / (L + sum (1 - y) w), the sums up to the i-th, L = sum y w of all
 * </pre>
 *
 * @param hinge whether errors are hinges of scores, 1 - x (2y - 1) with the slope 1 - 2y, or distances of probabilities,
 *     |p - y| with the slope sign(p - y), after the activation
 * @param byClass whether every column is a group; the value is then the mean over the groups with any weight, weighted by
 *     class weights. Otherwise everything is one group, and class weights are weights of its elements
 * @param absent what a group without labels above 0 costs
 */
public record SortedErrors(boolean hinge, boolean byClass, AbsentClasses absent) {}
