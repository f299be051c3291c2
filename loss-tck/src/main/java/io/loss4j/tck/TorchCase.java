package io.loss4j.tck;

import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.LossResult;
import io.loss4j.Profile;
import io.loss4j.Reduction;
import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A case in our own names and options with PyTorch's words for reductions, as in {@code torch.json}.
 *
 * @param id unique in its file
 * @param loss id of the loss
 * @param options parameters of the loss and options of the loss function
 * @param reduction PyTorch's word
 * @param form name of the predictions: {@code logits}, {@code probabilities}, ...
 * @param predictions the predictions
 * @param labels the labels
 * @param mask weights of rows or elements, or null
 * @param expectedLoss what the library computes; one number, or one per row or element
 * @param expectedGradient its gradient, or null if the case has none
 */
record TorchCase(
        String id,
        String loss,
        Map<String, Object> options,
        String reduction,
        String form,
        Grid predictions,
        Grid labels,
        @Nullable Grid mask,
        Grid expectedLoss,
        @Nullable Grid expectedGradient)
        implements GoldenCase {
    private static final Set<String> OF_THE_FUNCTION =
            Set.of("class_weights", "pos_weights", "label_smoothing", "ignore_index", "z_loss");

    /** Tolerances of the golden files. */
    private static final double DOUBLE_RELATIVE = 1e-9;

    private static final double DOUBLE_ABSOLUTE = 1e-12;
    private static final double FLOAT_RELATIVE = 1e-5;
    private static final double FLOAT_ABSOLUTE = 1e-6;

    @Override
    public @Nullable String unsupported() {
        LossType<?> type = LossCatalogue.types().get(loss);
        if (type == null) {
            return "the loss is not in the catalogue";
        }
        Object wanted = formOf(spec());
        return wanted == null || wanted.toString().equals(form) ? null : "it takes " + wanted + ", not " + form;
    }

    private static @Nullable String formOf(LossSpec spec) {
        InputForm form = spec instanceof SoftmaxLoss softmax
                ? softmax.input()
                : spec instanceof BinaryLoss binary ? binary.input() : spec instanceof BatchLoss b ? b.input() : null;
        return form == null ? null : LossType.word(form);
    }

    private LossSpec spec() {
        LossType<?> type = LossCatalogue.type(loss);
        Map<String, Object> parameters = new LinkedHashMap<>(options);
        parameters.keySet().removeAll(OF_THE_FUNCTION);
        boolean known =
                Arrays.stream(InputForm.values()).anyMatch(f -> LossType.word(f).equals(form));
        for (LossType.Parameter p : type.parameters()) {
            if (p.type() == InputForm.class && known) {
                parameters.putIfAbsent(p.name(), form);
            }
        }
        return type.create(parameters);
    }

    /** The loss function that the case is about. */
    LossFunction function() {
        LossFunction f = reduced(spec());
        Object classWeights = options.get("class_weights");
        if (classWeights != null) {
            f = f.withClassWeights(ClassWeights.of(numbers(classWeights)));
        }
        Object positive = options.get("pos_weights");
        if (positive != null) {
            f = f.withPositiveWeights(
                    positive instanceof Number n ? PerColumn.all(n.doubleValue()) : PerColumn.of(numbers(positive)));
        }
        if (options.get("label_smoothing") instanceof Number s) {
            f = f.withLabelSmoothing(s.doubleValue());
        }
        if (options.get("ignore_index") instanceof Number label) {
            f = f.withIgnoreIndex(label.longValue());
        }
        return options.get("z_loss") instanceof Number z ? f.withZLoss(z.doubleValue()) : f;
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list)
                .stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
    }

    /** PyTorch's words; what it calls a mean is its profile's. */
    private LossFunction reduced(LossSpec spec) {
        LossFunction f =
                labels.rank() < predictions.rank() ? Profile.TORCH.of(spec) : Profile.TORCH.ofDistributions(spec);
        return switch (reduction) {
            case "none" -> f.withReduction(Reduction.NONE);
            case "sum" -> f.withReduction(Reduction.SUM);
            case "batch_mean" -> f.withReduction(Reduction.BATCH_MEAN);
            case "mean" -> f;
            default -> throw new IllegalArgumentException("reduction '" + reduction + "' is not known");
        };
    }

    @Override
    public void check(String backend, DataType type) {
        LossFunction f = function().on(backend);
        boolean single = labels.rank() == 0 && predictions.rank() == 1;
        INDArray x = predictions.array(type);
        INDArray y = labels.array(labels.whole() ? DataType.INT64 : type);
        if (single) { // one example without an axis for the batch
            x = x.reshape(1, x.length());
            y = y.reshape(1);
        }
        INDArray m = mask == null ? null : mask.array(type);
        LossResult result = f.valueAndGradient(x, y, m);
        double largest = Math.max(expectedLoss.largest(), expectedGradient == null ? 0 : expectedGradient.largest());
        double[] actual = {result.value()};
        if (f.reduction() == Reduction.NONE) {
            INDArray terms = f.terms(x, y, m);
            actual = terms.dup('c').castTo(DataType.DOUBLE).data().asDouble();
        }
        compare("loss", expectedLoss.data(), actual, type, largest);
        if (expectedGradient != null) {
            double[] g =
                    result.gradient().dup('c').castTo(DataType.DOUBLE).data().asDouble();
            compare("gradient", expectedGradient.data(), g, type, largest);
        }
    }

    private static void compare(String what, double[] expected, double[] actual, DataType type, double largest) {
        boolean inDouble = type == DataType.DOUBLE;
        double relative = inDouble ? DOUBLE_RELATIVE : FLOAT_RELATIVE;
        double absolute = inDouble ? DOUBLE_ABSOLUTE : FLOAT_ABSOLUTE * Math.max(1, largest);
        if (expected.length != actual.length) {
            throw new AssertionError(
                    what + " has " + actual.length + " elements in " + type + ", expected " + expected.length);
        }
        for (int i = 0; i < expected.length; i++) {
            Close.value(
                    what + " " + i + " in " + type,
                    expected[i],
                    actual[i],
                    absolute + relative * Math.abs(expected[i]));
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
