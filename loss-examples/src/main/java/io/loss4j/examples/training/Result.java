package io.loss4j.examples.training;

/**
 * What came of a trial.
 *
 * @param name of the loss; a line feed starts a second line
 * @param scores on the test part
 * @param fitSeconds in {@code fit}, the loss included
 * @param lossSeconds in the loss
 */
public record Result(String name, Scores scores, double fitSeconds, double lossSeconds) {}
