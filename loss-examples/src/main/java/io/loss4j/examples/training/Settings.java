package io.loss4j.examples.training;

/**
 * How a network is made and trained.
 *
 * @param hidden neurons in the hidden layer
 * @param epochs how often every example is seen
 * @param batch examples per step
 * @param learningRate of Adam
 * @param seed of the initial weights and of the order of the examples
 */
public record Settings(int hidden, int epochs, int batch, double learningRate, long seed) {
    /** The same with another seed. */
    public Settings withSeed(long other) {
        return new Settings(hidden, epochs, batch, learningRate, other);
    }
}
