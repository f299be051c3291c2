package io.loss4j.tck;

import io.loss4j.catalogue.LossCatalogue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A case in the vocabulary that other libraries share, as in {@code literal.json}: {@link PeerLosses} says what it becomes.
 *
 * @param id unique in its file
 * @param loss the library's loss, by its definition in the shared vocabulary
 * @param options what the definition needs
 * @param inputs {@code predictions}, {@code labels}, {@code sample_weight}, ...
 * @param expected {@code loss} or {@code grad_predictions}, the gradient of the sum of the losses
 * @param relative tolerance
 * @param absolute tolerance
 */
record PeerCase(
        String id,
        String loss,
        Map<String, Object> options,
        Map<String, Grid> inputs,
        Map<String, Grid> expected,
        double relative,
        double absolute)
        implements GoldenCase {
    /** What rounding to FLOAT may add to a tolerance, relative to the number and to the largest of the case. */
    private static final double FLOAT_RELATIVE = 1e-5;

    private static final double FLOAT_ABSOLUTE = 1e-6;

    /** A definition, or a part of it, that no loss of the catalogue has. */
    static final class Unsupported extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsupported(String reason) {
            super(reason, null, false, false);
        }
    }

    /** What a case becomes. */
    interface Answer {
        /** The loss, flattened. */
        double[] loss(String backend, DataType type);

        /** The derivative of the sum of the losses by the predictions, flattened. */
        default double[] gradient(String backend, DataType type) {
            throw new Unsupported("its gradient passes through a change of the predictions");
        }
    }

    @Override
    public @Nullable String unsupported() {
        try {
            PeerLosses.translate(this);
            return null;
        } catch (Unsupported e) {
            return e.getMessage();
        }
    }

    /** Whether the catalogue has the loss, although perhaps not in this form. */
    boolean inCatalogue() {
        return PeerLosses.inCatalogue(loss);
    }

    @Override
    public void check(String backend, DataType type) {
        Answer answer = PeerLosses.translate(this);
        Grid value = expected.get("loss");
        if (value != null) {
            compare("loss", value, answer.loss(backend, type), type);
        }
        Grid gradient = expected.get("grad_predictions");
        if (gradient != null) {
            compare("gradient", gradient, answer.gradient(backend, type), type);
        }
        if (value == null && gradient == null) {
            throw new AssertionError("nothing is expected of " + expected.keySet());
        }
    }

    private void compare(String what, Grid wanted, double[] actual, DataType type) {
        double[] expectedData = wanted.data();
        if (expectedData.length != actual.length) {
            throw new AssertionError(
                    what + " has " + actual.length + " elements in " + type + ", expected " + expectedData.length);
        }
        boolean exact = type == DataType.DOUBLE;
        for (int i = 0; i < actual.length; i++) {
            double tolerance = absolute
                    + relative * Math.abs(expectedData[i])
                    + (exact
                            ? 0
                            : FLOAT_ABSOLUTE * Math.max(1, largest()) + FLOAT_RELATIVE * Math.abs(expectedData[i]));
            Close.value(what + " " + i + " in " + type, expectedData[i], actual[i], tolerance);
        }
    }

    /** The largest number that is expected. */
    private double largest() {
        return expected.values().stream().mapToDouble(Grid::largest).max().orElse(0);
    }

    // What the table of definitions reads

    Grid predictions() {
        return input("predictions");
    }

    Grid labels() {
        return input("labels");
    }

    Grid input(String name) {
        Grid input = inputs.get(name);
        if (input == null) {
            throw new Unsupported("it has no " + name);
        }
        return input;
    }

    @Nullable
    Grid optional(String name) {
        return inputs.get(name);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    double number(String option) {
        return options.get(option) instanceof Number n ? n.doubleValue() : missing(option);
    }

    double number(String option, double byDefault) {
        return has(option) ? number(option) : byDefault;
    }

    String word(String option, String byDefault) {
        return options.getOrDefault(option, byDefault).toString();
    }

    boolean is(String option) {
        return Boolean.TRUE.equals(options.get(option));
    }

    boolean is(String option, String word) {
        return word.equals(options.get(option));
    }

    double[] numbers(String option) {
        return options.get(option) instanceof List<?> list
                ? list.stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray()
                : new double[] {missing(option)};
    }

    private double missing(String option) {
        throw new Unsupported("it has no number " + option);
    }

    /** Whether labels are class indices. */
    boolean indices() {
        return is("labels", "class_index");
    }

    /** Whether the catalogue has a loss. */
    static boolean known(String id) {
        return LossCatalogue.types().containsKey(id);
    }

    @Override
    public String toString() {
        return id;
    }
}
