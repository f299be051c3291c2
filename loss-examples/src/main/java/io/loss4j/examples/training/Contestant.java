package io.loss4j.examples.training;

import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss to train with.
 *
 * @param name for people; a line feed starts a second line
 * @param loss for an output layer with softmax
 */
public record Contestant(String name, ILossFunction loss) {}
