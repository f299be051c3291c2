package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loss4j.catalogue.LossCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The bare formulas against PyTorch's values and gradients in {@code shared/golden/torch.json}, with weights, smoothing
 * and reductions written out here in the most obvious way. Needs the folder {@code shared}, see {@code loss4j.shared}.
 */
class GoldenFormulaTest {
    private static final Set<String> OPTIONS_OF_THE_FUNCTION =
            Set.of("class_weights", "pos_weights", "label_smoothing", "ignore_index");

    @Test
    void r1_1_valuesAndGradientsAreThoseOfPyTorch() throws IOException {
        Path file = Path.of(System.getProperty("loss4j.shared", "../shared"), "golden", "torch.json");
        assumeTrue(Files.exists(file), "no golden values: " + file + " does not exist");
        Set<String> seen = new HashSet<>();
        int cases = 0;
        for (JsonNode node : new ObjectMapper().readTree(file.toFile())) {
            if (LossCatalogue.types().containsKey(node.get("loss").textValue())) {
                new Case(node).check();
                seen.add(node.get("loss").textValue());
                cases++;
            }
        }
        assertEquals(
                Set.of(
                        "softmax_cross_entropy",
                        "softmax_focal",
                        "logit_adjusted_cross_entropy",
                        "ldam",
                        "poly1_cross_entropy",
                        "generalized_cross_entropy",
                        "symmetric_cross_entropy",
                        "bootstrap_soft",
                        "sigmoid_cross_entropy",
                        "sigmoid_focal",
                        "asymmetric",
                        "binary_cross_entropy",
                        "negative_log_likelihood",
                        "kl_divergence",
                        "mean_squared_error",
                        "mean_absolute_error",
                        "huber",
                        "smooth_l1",
                        "log_cosh",
                        "quantile",
                        "poisson_nll",
                        "hinge",
                        "squared_hinge",
                        "soft_margin",
                        "multi_margin"),
                seen);
        assertTrue(cases > 330, cases + " cases");
    }

    private static final class Case {
        private final JsonNode node;
        private final LossSpec spec;
        private final int rows;
        private final int columns;
        private final double[] x;
        private final double[] labels;
        private final boolean index;
        private final double[] classWeights;
        private final double[] positive;
        private final double smoothing;
        private final double ignored;
        private final double[] terms;
        private final double[] gradient;
        private double weightSum;

        Case(JsonNode node) {
            this.node = node;
            Map<String, Object> parameters = new LinkedHashMap<>();
            node.get("options").fields().forEachRemaining(e -> {
                if (!OPTIONS_OF_THE_FUNCTION.contains(e.getKey())) {
                    parameters.put(e.getKey(), plain(e.getValue()));
                }
            });
            spec = LossCatalogue.create(node.get("loss").textValue(), parameters);
            JsonNode given = null;
            for (JsonNode input : node.get("inputs")) {
                given = given == null ? input : given;
            }
            rows = given.get("shape").get(0).intValue();
            columns = given.get("shape").get(1).intValue();
            x = numbers(given.get("data"));
            labels = numbers(node.get("inputs").get("labels").get("data"));
            index = node.get("inputs").get("labels").get("shape").size() == 1;
            classWeights = option("class_weights");
            positive = option("pos_weights");
            JsonNode s = node.get("options").get("label_smoothing");
            smoothing = s == null ? 0 : s.doubleValue();
            JsonNode ignore = node.get("options").get("ignore_index");
            ignored = ignore == null ? Double.NaN : ignore.doubleValue();
            terms = new double[spec instanceof ElementwiseLoss ? rows * columns : rows];
            gradient = new double[rows * columns];
        }

        private double[] option(String name) {
            JsonNode values = node.get("options").get(name);
            if (values != null) {
                return numbers(values);
            }
            double[] ones = new double[columns];
            Arrays.fill(ones, 1);
            return ones;
        }

        void check() {
            if (spec instanceof ElementwiseLoss loss) {
                elements(loss);
            } else {
                for (int row = 0; row < rows; row++) {
                    double[] t = targets(row);
                    if (t == null) {
                        continue;
                    }
                    double[] z = Arrays.copyOfRange(x, row * columns, (row + 1) * columns);
                    double[] g = new double[columns];
                    terms[row] = spec instanceof SoftmaxLoss loss
                            ? softmax(loss, row, z, t, g)
                            : ((RowLoss) spec).evaluate(z, t, g);
                    System.arraycopy(g, 0, gradient, row * columns, columns);
                }
            }
            double scale = scale();
            double[] expected = numbers(node.get("expected").get("loss").get("data"));
            double[] actual = node.get("reduction").textValue().equals("none")
                    ? terms
                    : new double[] {scale * Arrays.stream(terms).sum()};
            near(expected, actual, "loss");
            near(
                    numbers(node.get("expected").get("gradient").get("data")),
                    Arrays.stream(gradient).map(g -> g * scale).toArray(),
                    "gradient");
        }

        private void near(double[] expected, double[] actual, String what) {
            assertEquals(expected.length, actual.length);
            double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
            for (int i = 0; i < expected.length; i++) {
                double tolerance = 1e-12 * Math.max(1, largest) + 1e-9 * Math.abs(expected[i]);
                assertEquals(
                        expected[i], actual[i], tolerance, node.get("id").textValue() + " " + what + "[" + i + "]");
            }
        }

        private void elements(ElementwiseLoss loss) {
            for (int i = 0; i < x.length; i++) {
                int k = i % columns;
                boolean weighted = loss instanceof BinaryLoss;
                terms[i] = classWeights[k]
                        * (weighted
                                ? ((BinaryLoss) loss).value(x[i], labels[i], positive[k])
                                : loss.value(x[i], labels[i]));
                gradient[i] = classWeights[k]
                        * (weighted
                                ? ((BinaryLoss) loss).derivative(x[i], labels[i], positive[k])
                                : loss.derivative(x[i], labels[i]));
            }
        }

        /** The smoothed and weighted labels of a row, or null if it is ignored. */
        private double[] targets(int row) {
            double[] t = new double[columns];
            if (index) {
                if (labels[row] == ignored) {
                    return null;
                }
                t[(int) labels[row]] = 1;
                weightSum += classWeights[(int) labels[row]];
            } else {
                System.arraycopy(labels, row * columns, t, 0, columns);
            }
            double sum = Arrays.stream(t).sum();
            for (int k = 0; k < columns; k++) {
                t[k] = ((1 - smoothing) * t[k] + smoothing * sum / columns) * classWeights[k];
            }
            return t;
        }

        private double softmax(SoftmaxLoss loss, int row, double[] z, double[] t, double[] g) {
            LogitTransform change = loss.logits();
            double[] bias = change.bias();
            double[] margin = change.margin();
            double[] moved = new double[columns];
            for (int k = 0; k < columns; k++) {
                double given = index ? labels[row] == k ? 1 : 0 : labels[row * columns + k];
                moved[k] = change.scale()
                        * (z[k] + (bias == null ? 0 : bias[k]) - (margin == null ? 0 : margin[k] * given));
            }
            boolean logits = loss.input() == InputForm.LOGITS;
            double max = Arrays.stream(moved).max().getAsDouble();
            double logSum = logits
                    ? max
                            + Math.log(Arrays.stream(moved)
                                    .map(v -> Math.exp(v - max))
                                    .sum())
                    : 0;
            double total = 0;
            double slopes = 0;
            for (int k = 0; k < columns; k++) {
                double l = moved[k] - logSum;
                total += Probability.weighted(t[k], loss.value(l));
                g[k] = t[k] * loss.derivative(l);
                slopes += g[k];
            }
            for (int k = 0; k < columns; k++) {
                g[k] = change.scale() * (g[k] - (logits ? Math.exp(moved[k] - logSum) * slopes : 0));
            }
            return total;
        }

        /** What the sum is multiplied by, see the README of the golden files. */
        private double scale() {
            return switch (node.get("reduction").textValue()) {
                case "none", "sum" -> 1;
                case "batch_mean" -> 1.0 / rows;
                default -> {
                    boolean byWeight = spec instanceof SoftmaxLoss && index && weighsMean();
                    yield byWeight ? 1 / weightSum : 1.0 / terms.length;
                }
            };
        }

        private boolean weighsMean() {
            boolean weighted = node.get("options").has("class_weights");
            return weighted || !Double.isNaN(ignored);
        }

        private static Object plain(JsonNode value) {
            return value.isArray()
                    ? Arrays.stream(numbers(value)).boxed().toList()
                    : value.isBoolean() ? (Object) value.booleanValue() : value.numberValue();
        }

        private static double[] numbers(JsonNode values) {
            double[] numbers = new double[values.size()];
            for (int i = 0; i < numbers.length; i++) {
                JsonNode value = values.get(i);
                numbers[i] = value.isTextual()
                        ? Double.parseDouble(
                                value.textValue().replace("inf", "Infinity").replace("nan", "NaN"))
                        : value.doubleValue();
            }
            return numbers;
        }
    }
}
