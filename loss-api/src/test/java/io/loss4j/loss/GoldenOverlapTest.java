package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Overlap losses against numbers of other libraries in {@code shared/golden/literal.json}, for the options that are options
 * here too. Needs the folder {@code shared}, see {@code loss4j.shared}.
 */
class GoldenOverlapTest {
    @Test
    void r1_1_valuesAreThoseOfOtherLibraries() throws IOException {
        Path file = Path.of(System.getProperty("loss4j.shared", "../shared"), "golden", "literal.json");
        assumeTrue(Files.exists(file), "no golden values: " + file + " does not exist");
        Map<String, Integer> seen = new HashMap<>();
        for (JsonNode node : new ObjectMapper().readTree(file.toFile())) {
            if (new Case(node).check()) {
                seen.merge(node.get("loss").textValue(), 1, Integer::sum);
            }
        }
        for (String definition : new String[] {
            "dice",
            "dice_squared_denominator",
            "tversky",
            "tversky_flux",
            "soft_f1",
            "mcc",
            "lovasz_hinge",
            "monai_dice",
            "monai_tversky",
            "monai_generalized_dice",
            "overlap_score",
            "overlap_by_class"
        }) {
            assertTrue(seen.getOrDefault(definition, 0) >= 2, definition + " in " + seen);
        }
    }

    /** One case, as batches of [N, C, everything else]. */
    private static final class Case {
        private final JsonNode node;
        private final JsonNode options;
        private final double[] x;
        private final double[] labels;
        private int items;
        private int classes;

        Case(JsonNode node) {
            this.node = node;
            this.options = node.get("options");
            JsonNode inputs = node.get("inputs");
            boolean pair = inputs.has("predictions") && inputs.has("labels");
            x = pair ? numbers(inputs.get("predictions").get("data")) : new double[0];
            labels = pair ? numbers(inputs.get("labels").get("data")) : new double[0];
            JsonNode shape = pair ? inputs.get("predictions").get("shape") : null;
            items = shape == null || shape.isEmpty() ? 1 : shape.get(0).intValue();
            classes = shape == null || shape.size() < 3 ? 1 : shape.get(1).intValue();
        }

        private double option(String name) {
            return options.get(name).doubleValue();
        }

        private String word(String name) {
            return options.has(name) ? options.get(name).asText() : "";
        }

        /** Whether the case is one that is taken. */
        boolean check() {
            Double actual = value(node.get("loss").textValue());
            if (actual == null || node.get("inputs").has("mask")) {
                return false;
            }
            JsonNode tolerance = node.get("tolerance");
            double[] expected = numbers(node.get("expected").get("loss").get("data"));
            double mean = Arrays.stream(expected).average().getAsDouble();
            assertEquals(
                    mean,
                    actual,
                    1e-6
                            + tolerance.get("atol").doubleValue()
                            + tolerance.get("rtol").doubleValue() * Math.abs(mean),
                    node.get("id").textValue());
            return true;
        }

        private @Nullable Double value(String definition) {
            return switch (definition) {
                case "dice" -> all(dice(option("smooth_nr"), option("smooth_dr"), SoftCounts.PRODUCT));
                case "dice_squared_denominator" -> all(dice(1, 1, SoftCounts.SQUARED));
                case "tversky" -> options.has("axis") ? null : all(tversky());
                case "tversky_flux" -> all(tversky(option("beta"), 1 - option("beta"), 1, 1, InputForm.PROBABILITIES));
                case "soft_f1" -> all(new FMeasure(option("beta")));
                case "mcc" ->
                    all(new MatthewsCorrelation(
                            option("eps"), OverlapAxis.BATCH, InputForm.PROBABILITIES, Activation.ANY));
                case "lovasz_hinge" ->
                    options.get("per_image").booleanValue() ? items(new LovaszHinge()) : all(new LovaszHinge());
                case "monai_dice", "monai_tversky", "monai_generalized_dice" -> monai(definition);
                case "overlap_score" -> options.has("axis") ? null : 1 - all(score());
                case "overlap_by_class" -> options.has("classes") ? null : items(score());
                default -> null;
            };
        }

        private LossSpec dice(double above, double below, SoftCounts counts) {
            return new Dice(
                    OverlapAxis.BATCH,
                    counts,
                    above,
                    below,
                    AbsentClasses.COUNT,
                    InputForm.PROBABILITIES,
                    Activation.ANY);
        }

        private static LossSpec tversky(double alpha, double beta, double above, double below, InputForm input) {
            return new Tversky(
                    alpha,
                    beta,
                    OverlapAxis.BATCH,
                    SoftCounts.PRODUCT,
                    above,
                    below,
                    AbsentClasses.COUNT,
                    input,
                    input == InputForm.LOGITS ? Activation.SIGMOID : Activation.ANY);
        }

        private LossSpec tversky() {
            InputForm input = word("activation").equals("sigmoid") ? InputForm.LOGITS : InputForm.PROBABILITIES;
            double above = option("smooth_nr");
            double below = option("smooth_dr");
            if (options.has("power")) {
                return new FocalTversky(
                        option("alpha"),
                        option("beta"),
                        option("power"),
                        OverlapAxis.BATCH,
                        SoftCounts.PRODUCT,
                        above,
                        below,
                        AbsentClasses.COUNT,
                        input,
                        Activation.SIGMOID);
            }
            return tversky(option("alpha"), option("beta"), above, below, input);
        }

        /** Of every class, absent ones free. */
        private LossSpec score() {
            double s = options.has("smooth") ? option("smooth") : 0;
            boolean scores = node.get("loss").textValue().equals("overlap_score");
            OverlapAxis axis = scores ? OverlapAxis.BATCH : OverlapAxis.CLASS;
            AbsentClasses absent = scores ? AbsentClasses.COUNT : AbsentClasses.FREE;
            InputForm p = InputForm.PROBABILITIES;
            Activation any = Activation.ANY;
            return switch (word("score")) {
                case "dice" -> new Dice(axis, SoftCounts.PRODUCT, s, s, absent, p, any);
                case "jaccard" -> new Jaccard(axis, SoftCounts.PRODUCT, s, s, absent, p, any);
                default -> new Tversky(option("alpha"), option("beta"), axis, SoftCounts.PRODUCT, s, s, absent, p, any);
            };
        }

        private @Nullable Double monai(String definition) {
            String activation = word("activation");
            boolean known = activation.equals("none") || activation.equals("sigmoid") || activation.equals("softmax");
            boolean absentBelow = word("include_background").equals("false");
            if (!known || absentBelow || options.has("batch")) {
                return null;
            }
            InputForm input = activation.equals("none") ? InputForm.PROBABILITIES : InputForm.LOGITS;
            Activation a = activation.equals("none")
                    ? Activation.ANY
                    : activation.equals("softmax") ? Activation.SOFTMAX : Activation.SIGMOID;
            SoftCounts counts = word("squared_pred").equals("true")
                    ? SoftCounts.SQUARED
                    : word("soft_label").equals("true") ? SoftCounts.MINIMUM : SoftCounts.PRODUCT;
            double above = option("smooth_nr");
            double below = option("smooth_dr");
            AbsentClasses absent = AbsentClasses.COUNT;
            LossSpec spec = switch (definition) {
                case "monai_dice" -> new Dice(OverlapAxis.CLASS, counts, above, below, absent, input, a);
                case "monai_tversky" ->
                    new Tversky(
                            option("alpha"), option("beta"), OverlapAxis.CLASS, counts, above, below, absent, input, a);
                default -> new GeneralizedDice(VolumeWeights.SQUARE, counts, above, below, input, a);
            };
            double mean = items(spec);
            int terms = definition.equals("monai_generalized_dice") ? items : items * classes;
            return word("reduction").equals("sum") ? mean * terms : mean;
        }

        /** Everything as one column. */
        private double all(LossSpec spec) {
            return evaluate(spec, 1, x, labels);
        }

        /** The mean over the items of the loss of each, a row per position. */
        private double items(LossSpec spec) {
            int positions = x.length / items / classes;
            boolean index = labels.length < x.length;
            double sum = 0;
            for (int item = 0; item < items; item++) {
                double[] p = new double[positions * classes];
                double[] y = new double[p.length];
                for (int i = 0; i < p.length; i++) {
                    int position = i / classes;
                    int from = (item * classes + i % classes) * positions + position;
                    p[i] = x[from];
                    y[i] = index ? (labels[item * positions + position] == i % classes ? 1 : 0) : labels[from];
                }
                sum += evaluate(spec, classes, p, y);
            }
            return sum / items;
        }

        private static double evaluate(LossSpec spec, int columns, double[] x, double[] y) {
            double[] ones = new double[x.length];
            Arrays.fill(ones, 1);
            return ((BatchLoss) spec.formula(columns))
                    .evaluate(x.length / columns, columns, x, y, ones, new double[x.length]);
        }

        private static double[] numbers(JsonNode data) {
            double[] numbers = new double[data.size()];
            Arrays.setAll(numbers, i -> data.get(i).asDouble());
            return numbers;
        }
    }
}
