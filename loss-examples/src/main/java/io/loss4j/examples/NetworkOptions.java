package io.loss4j.examples;

import io.loss4j.examples.training.Settings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How networks are made and trained. */
final class NetworkOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "40",
            description = "How often every example is seen. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "64",
            description = "Examples per step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            defaultValue = "32",
            description = "Neurons in the hidden layer. Default: ${DEFAULT-VALUE}.")
    private int hidden;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            defaultValue = "0.005",
            description = "Step size of Adam. Default: ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(
            names = "--gamma",
            paramLabel = "X",
            defaultValue = "2",
            description = "Focus of the focal loss on hard examples. Default: ${DEFAULT-VALUE}.")
    private double gamma;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of the split, the initial weights and the order. Default: ${DEFAULT-VALUE}.")
    private long seed;

    /** Refuses numbers that make no sense. */
    void check() {
        require(epochs >= 1, "--epochs", epochs, "1 or more");
        require(batch >= 1, "--batch", batch, "1 or more");
        require(hidden >= 1, "--hidden", hidden, "1 or more");
        require(learningRate > 0 && learningRate <= Double.MAX_VALUE, "--learning-rate", learningRate, "more than 0");
        require(gamma >= 0 && gamma <= Double.MAX_VALUE, "--gamma", gamma, "0 or more");
    }

    /** Refuses the value of an option of the command. */
    void require(boolean condition, String option, @Nullable Object found, String expected) {
        if (!condition) {
            throw new ParameterException(
                    Objects.requireNonNull(command, "picocli sets it").commandLine(),
                    option + " is " + found + ", but must be " + expected);
        }
    }

    Settings settings() {
        return new Settings(hidden, epochs, batch, learningRate, seed);
    }

    double gamma() {
        return gamma;
    }
}
