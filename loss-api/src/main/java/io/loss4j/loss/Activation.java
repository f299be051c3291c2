package io.loss4j.loss;

/** The activation of an output layer that a loss belongs behind. */
public enum Activation {
    /** Whatever the network ends in. */
    ANY,
    /** Every output is a yes or no of its own. */
    SIGMOID,
    /** The outputs are classes that exclude each other. */
    SOFTMAX
}
