package io.loss4j.loss;

import io.loss4j.error.LossInputException;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** Range checks of parameters. */
final class Check {
    private Check() {}

    static double finite(String who, String name, double value) {
        return require(who, name, value, Double.isFinite(value), "a finite number");
    }

    static double atLeast(double least, String who, String name, double value) {
        return require(who, name, value, value >= least && value < Double.POSITIVE_INFINITY, "at least " + least);
    }

    static double above(double bound, String who, String name, double value) {
        return require(who, name, value, value > bound && value < Double.POSITIVE_INFINITY, "above " + bound);
    }

    static double within(double low, double high, String who, String name, double value) {
        return require(who, name, value, value >= low && value <= high, "between " + low + " and " + high);
    }

    static double below(double bound, String who, String name, double value) {
        return require(who, name, value, value < bound, "below " + bound);
    }

    static int oneOrTwo(String who, String name, int value) {
        return (int) require(who, name, value, value == 1 || value == 2, "1 or 2");
    }

    static void input(String who, InputForm input, boolean ok, String remedy) {
        if (!ok) {
            String word = LossType.word(input);
            throw new LossInputException(
                    "L4J-P05", who, "input is " + word + ", which it cannot be computed from", remedy);
        }
    }

    /** The form of predictions of a loss of probabilities. */
    static void probabilities(String who, InputForm input, Activation activation) {
        input(who, input, input != InputForm.LOG_PROBABILITIES, "give logits, or probabilities");
        if (input == InputForm.LOGITS && activation == Activation.ANY) {
            throw wrong(
                    who,
                    "activation is any, which makes no probabilities of logits",
                    "set activation to sigmoid or softmax");
        }
    }

    static PerColumn each(String who, String name, PerColumn values, DoublePredicate allowed, String expected) {
        double[] all = values.toArray();
        if (all.length == 0) {
            throw new LossInputException(
                    "L4J-P05", who, name + " is empty, expected one number per column", "give " + name);
        }
        for (int k = 0; k < all.length; k++) {
            require(who, all.length == 1 ? name : name + "[" + k + "]", all[k], allowed.test(all[k]), expected);
        }
        return values;
    }

    /** One number per class: a single number for all of them would say nothing. */
    static PerColumn perClass(String who, String name, PerColumn values) {
        if (values.isScalar()) {
            throw new LossInputException(
                    "L4J-P05", who, name + " is " + values + ", expected one number per class", "give a list");
        }
        return each(who, name, values, n -> n > 0 && n < Double.POSITIVE_INFINITY, "a finite number above 0");
    }

    /** The number of columns of the predictions, for a row loss whose parameters are made for just so many. */
    static int columns(String who, int expected, int columns) {
        if (columns != expected) {
            throw new LossInputException(
                    "L4J-S04",
                    who,
                    "its parameters are made for " + expected + " columns but predictions have " + columns
                            + " (shapes: parameters [" + expected + "], predictions [N, " + columns + "])",
                    "change the parameters or the number of outputs of the network");
        }
        return columns;
    }

    /** A clipping distance from 0 and 1, or null for none. */
    static void epsilon(String who, @Nullable Double epsilon) {
        if (epsilon != null) {
            require(who, "epsilon", epsilon, epsilon > 0 && epsilon < 0.5, "above 0 and below 0.5");
        }
    }

    /** The error of parameters that do not go together. */
    static LossInputException wrong(String who, String problem, String remedy) {
        return new LossInputException("L4J-P05", who, problem, remedy);
    }

    private static double require(String who, String name, double value, boolean ok, String expected) {
        if (!ok) {
            throw new LossInputException(
                    "L4J-P05", who, name + " is " + value + ", expected " + expected, "correct " + name);
        }
        return value;
    }
}
