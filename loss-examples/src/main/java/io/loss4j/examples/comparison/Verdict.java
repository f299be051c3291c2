package io.loss4j.examples.comparison;

/**
 * What one measure says, for people.
 *
 * @param measure which
 * @param winner the id of the candidate with the best mean
 * @param real whether it beats plain training by more than chance explains
 * @param sentence what won and whether the difference is real
 */
public record Verdict(Measure measure, String winner, boolean real, String sentence) {}
