package io.loss4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossTypeTest {
    /** A loss with a parameter of every type. */
    public record Everything(
            double number, int count, boolean flag, String word, PerColumn each, InputForm form, Double maybe)
            implements ElementwiseLoss {
        static final LossType<Everything> TYPE = LossType.of(
                Everything.class,
                "everything",
                Map.of("count", 3, "flag", true, "word", "abc", "each", PerColumn.all(1), "form", InputForm.LOGITS));

        @Override
        public double value(double x, double y) {
            return 0;
        }

        @Override
        public double derivative(double x, double y) {
            return 0;
        }

        @Override
        public LossType<?> type() {
            return TYPE;
        }
    }

    public record Unsupported(List<String> names) implements LossSpec {
        @Override
        public LossType<?> type() {
            throw new UnsupportedOperationException();
        }
    }

    record Hidden(double number) implements LossSpec {
        @Override
        public LossType<?> type() {
            throw new UnsupportedOperationException();
        }
    }

    private static LossInputException refused(LossType<?> type, Map<String, ?> values) {
        return assertThrows(LossInputException.class, () -> type.create(values));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "softmax_cross_entropy |",
                "softmax_focal | gamma = 2.0, input = LOGITS",
                "cross_entropy | epsilon = null",
                "negative_log_likelihood |",
                "logit_adjusted_cross_entropy | class_counts, tau = 1.0",
                "ldam | class_counts, max_margin = 0.5, scale = 30.0",
                "sigmoid_cross_entropy |",
                "sigmoid_focal | alpha = null, gamma = 2.0, input = LOGITS",
                "asymmetric | gamma_positive = 1.0, gamma_negative = 4.0, clip = 0.05",
                "binary_cross_entropy | epsilon = null",
                "kl_divergence | input = LOG_PROBABILITIES, log_target = false",
                "mean_squared_error | per_output_mean = false",
                "mean_absolute_error | per_output_mean = false",
                "huber | delta = 1.0",
                "smooth_l1 | beta = 1.0",
                "log_cosh |",
                "quantile | quantile = 0.5",
                "epsilon_insensitive | epsilon = 0.1",
                "mean_absolute_percentage_error | epsilon = 1.0E-7, per_output_mean = false",
                "mean_squared_logarithmic_error | epsilon = null, per_output_mean = false",
                "poisson_nll | log_input = true, full = false, epsilon = 1.0E-8",
                "gamma_nll |",
                "tweedie | power = 1.5",
                "cauchy | scale = 1.0",
                "charbonnier | scale = 1.0",
                "geman_mcclure | scale = 1.0",
                "welsch | scale = 1.0",
                "wasserstein | per_output_mean = false",
                "hinge | labels = SIGNED",
                "squared_hinge | labels = SIGNED",
                "soft_margin | labels = SIGNED",
                "perceptron | labels = SIGNED",
                "poly1_sigmoid_focal | alpha = null, gamma = 2.0, epsilon = 1.0",
                "penalty_reduced_focal | alpha = 2.0, beta = 4.0, input = LOGITS",
                "js_divergence |",
                "multi_margin | p = 1, margin = 1.0",
                "dice | axis = CLASS, counts = PRODUCT, smooth_numerator = 1.0E-5, smooth_denominator = 1.0E-5, "
                        + "absent = COUNT, input = PROBABILITIES, activation = ANY",
                "jaccard | axis = CLASS, counts = PRODUCT, smooth_numerator = 1.0E-5, smooth_denominator = 1.0E-5, "
                        + "absent = COUNT, input = PROBABILITIES, activation = ANY",
                "tversky | alpha = 0.3, beta = 0.7, axis = CLASS, counts = PRODUCT, smooth_numerator = 1.0E-5, smooth_denominator = 1.0E-5, "
                        + "absent = COUNT, input = PROBABILITIES, activation = ANY",
                "focal_tversky | alpha = 0.3, beta = 0.7, gamma = 0.75, axis = CLASS, counts = PRODUCT, smooth_numerator = 1.0E-5, smooth_denominator = 1.0E-5, "
                        + "absent = COUNT, input = PROBABILITIES, activation = ANY",
                "generalized_dice | volume = SQUARE, counts = PRODUCT, smooth_numerator = 1.0E-5, smooth_denominator = 1.0E-5, "
                        + "input = PROBABILITIES, activation = ANY",
                "lovasz_hinge | axis = BATCH",
                "lovasz_softmax | axis = CLASS, absent = SKIP, input = PROBABILITIES, activation = ANY",
                "f_measure | beta = 1.0, axis = BATCH, input = PROBABILITIES, activation = ANY",
                "mcc | epsilon = 0.0, axis = BATCH, input = PROBABILITIES, activation = ANY",
                "weighted_sum | losses, weights = 1.0",
                "scaled | factor, loss",
                "per_output_mean | loss",
            })
    void parametersAndDefaults(String id, String expected) {
        LossType<?> type = new BuiltInLosses()
                .losses().stream()
                        .filter(t -> t.id().equals(id))
                        .collect(Collectors.toList())
                        .get(0);
        String found = type.parameters().stream()
                .map(p -> p.required() ? p.name() : p.name() + " = " + p.defaultValue())
                .collect(Collectors.joining(", "));
        assertEquals(expected == null ? "" : expected, found);
        assertEquals(1, type.version());
        assertEquals(id + " v1", type.toString());
    }

    @Test
    void everyBuiltInLossIsRegisteredUnderItsOwnType() {
        Collection<LossType<?>> all = new BuiltInLosses().losses();
        assertEquals(all.size(), all.stream().map(LossType::id).distinct().count());
        Map<Class<?>, Object> plain = Map.of(
                PerColumn.class,
                List.of(3, 4),
                double.class,
                2,
                int.class,
                2,
                LossSpec.class,
                new Huber(),
                List.class,
                List.of(new Huber()));
        for (LossType<?> type : all) {
            Map<String, Object> required = new HashMap<>();
            for (LossType.Parameter p : type.parameters()) {
                if (p.required()) {
                    required.put(p.name(), plain.get(p.type()));
                }
            }
            LossSpec spec = type.create(required);
            assertEquals(type.record(), spec.getClass());
            assertEquals(type, spec.type());
            assertEquals(type.id(), spec.id());
        }
    }

    @Test
    void missingOnesTakeTheirDefaults() {
        Everything made = Everything.TYPE.create(Map.of("number", 7));
        assertEquals(new Everything(7, 3, true, "abc", PerColumn.all(1), InputForm.LOGITS, null), made);
    }

    @Test
    void plainValuesAreConverted() {
        Map<String, Object> values = new HashMap<>(Map.of(
                "number",
                7L,
                "count",
                4.0,
                "flag",
                false,
                "word",
                "x",
                "each",
                List.of(1, 2.5f),
                "form",
                "probabilities"));
        values.put("maybe", 2);
        Everything expected = new Everything(7, 4, false, "x", PerColumn.of(1.0, 2.5), InputForm.PROBABILITIES, 2.0);
        assertEquals(expected, Everything.TYPE.create(values));
        values.put("maybe", null);
        values.put("each", 5);
        values.put("form", InputForm.LOGITS);
        assertEquals(PerColumn.all(5), Everything.TYPE.create(values).each());
        assertEquals(InputForm.LOGITS, Everything.TYPE.create(values).form());
        assertNull(Everything.TYPE.create(values).maybe());
    }

    @Test
    void valuesAreWhatCreateTakes() {
        Everything spec = new Everything(7, 4, false, "x", PerColumn.of(1.0, 2.5), InputForm.PROBABILITIES, null);
        Map<String, Object> values = Everything.TYPE.values(spec);
        assertEquals(
                "[number, count, flag, word, each, form, maybe]",
                values.keySet().toString());
        assertEquals(spec, Everything.TYPE.create(values));
    }

    @Test
    void r7_3_unknownParameter() {
        LossInputException e = refused(SoftmaxFocal.TYPE, Map.of("gama", 2));
        assertEquals("L4J-P01", e.code());
        assertTrue(
                e.getMessage().contains("softmax_focal: unknown parameter gama; it knows gamma, input."),
                e.getMessage());
        e = refused(SoftmaxCrossEntropy.TYPE, Map.of("gama", 2));
        assertTrue(e.getMessage().contains("it has no parameters"), e.getMessage());
        e = refused(SoftmaxFocal.TYPE, Map.of("g".repeat(10_000), 2));
        assertTrue(e.getMessage().length() < 300, e.getMessage());
    }

    @Test
    void r7_3_missingParameter() {
        LossInputException e = refused(Ldam.TYPE, Map.of("scale", 2));
        assertEquals("L4J-P03", e.code());
        assertEquals("L4J-P03 ldam: parameter class_counts is missing; give class_counts.", e.getMessage());
        assertEquals("L4J-P03", refused(Everything.TYPE, Map.of()).code());
    }

    @Test
    void r7_3_wrongTypes() {
        Map<String, Object> wrong = new HashMap<>();
        wrong.put("number", "seven");
        wrong.put("count", 1.5);
        wrong.put("flag", 1);
        wrong.put("word", 3);
        wrong.put("each", List.of("a"));
        wrong.put("form", "LOGITS");
        wrong.put("maybe", true);
        wrong.forEach((name, value) -> {
            Map<String, Object> values = new HashMap<>(Map.of("number", 1));
            values.put(name, value);
            LossInputException e = refused(Everything.TYPE, values);
            assertEquals("L4J-P04", e.code(), name);
            assertTrue(e.getMessage().contains("parameter " + name + " is " + value), e.getMessage());
            if (!name.equals("maybe")) {
                values.put(name, null);
                assertEquals("L4J-P04", refused(Everything.TYPE, values).code(), name + " null");
            }
        });
        assertTrue(refused(Everything.TYPE, Map.of("number", 1, "form", "x"))
                .getMessage()
                .contains("one of [logits, probabilities, log_probabilities]"));
        assertEquals(
                "L4J-P04",
                refused(Everything.TYPE, Map.of("number", 1, "count", 1L << 40)).code());
        assertEquals(
                "L4J-P04",
                refused(Everything.TYPE, Map.of("number", 1, "count", Double.NaN))
                        .code());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void r7_3_outOfRange(double bad) {
        List<Map.Entry<LossType<?>, Map<String, ?>>> all = List.of(
                Map.entry(SoftmaxFocal.TYPE, Map.of("gamma", bad)),
                Map.entry(SoftmaxFocal.TYPE, Map.of("gamma", List.of(1, bad))),
                Map.entry(CrossEntropy.TYPE, Map.of("epsilon", bad)),
                Map.entry(BinaryCrossEntropy.TYPE, Map.of("epsilon", bad)),
                Map.entry(SigmoidFocal.TYPE, Map.of("gamma", bad)),
                Map.entry(SigmoidFocal.TYPE, Map.of("alpha", bad)),
                Map.entry(AsymmetricLoss.TYPE, Map.of("gamma_positive", bad)),
                Map.entry(AsymmetricLoss.TYPE, Map.of("gamma_negative", bad)),
                Map.entry(AsymmetricLoss.TYPE, Map.of("clip", bad)),
                Map.entry(Huber.TYPE, Map.of("delta", bad)),
                Map.entry(SmoothL1.TYPE, Map.of("beta", bad)),
                Map.entry(Quantile.TYPE, Map.of("quantile", bad)),
                Map.entry(Quantile.TYPE, Map.of("quantile", List.of(0.5, bad))),
                Map.entry(EpsilonInsensitive.TYPE, Map.of("epsilon", bad)),
                Map.entry(MeanAbsolutePercentageError.TYPE, Map.of("epsilon", bad)),
                Map.entry(MeanSquaredLogarithmicError.TYPE, Map.of("epsilon", bad)),
                Map.entry(PoissonNll.TYPE, Map.of("epsilon", bad)),
                Map.entry(Tweedie.TYPE, Map.of("power", bad)),
                Map.entry(Cauchy.TYPE, Map.of("scale", bad)),
                Map.entry(Charbonnier.TYPE, Map.of("scale", bad)),
                Map.entry(GemanMcclure.TYPE, Map.of("scale", bad)),
                Map.entry(Welsch.TYPE, Map.of("scale", bad)),
                Map.entry(Poly1SigmoidFocal.TYPE, Map.of("alpha", bad)),
                Map.entry(Poly1SigmoidFocal.TYPE, Map.of("gamma", bad)),
                Map.entry(PenaltyReducedFocal.TYPE, Map.of("alpha", bad)),
                Map.entry(PenaltyReducedFocal.TYPE, Map.of("beta", bad)),
                Map.entry(MultiMargin.TYPE, Map.of("margin", bad)),
                Map.entry(FMeasure.TYPE, Map.of("beta", bad)),
                Map.entry(Dice.TYPE, Map.of("smooth_numerator", bad)),
                Map.entry(Jaccard.TYPE, Map.of("smooth_denominator", bad)),
                Map.entry(Tversky.TYPE, Map.of("alpha", bad)),
                Map.entry(FocalTversky.TYPE, Map.of("beta", bad)),
                Map.entry(FocalTversky.TYPE, Map.of("gamma", bad)),
                Map.entry(GeneralizedDice.TYPE, Map.of("smooth_denominator", bad)),
                Map.entry(MatthewsCorrelation.TYPE, Map.of("epsilon", bad)),
                Map.entry(Ldam.TYPE, Map.of("class_counts", List.of(1, bad))),
                Map.entry(Ldam.TYPE, Map.of("class_counts", List.of(1, 2), "scale", bad)),
                Map.entry(Ldam.TYPE, Map.of("class_counts", List.of(1, 2), "max_margin", bad)),
                Map.entry(LogitAdjustedCrossEntropy.TYPE, Map.of("class_counts", List.of(1, bad))),
                Map.entry(LogitAdjustedCrossEntropy.TYPE, Map.of("class_counts", List.of(1, 2), "tau", bad)));
        all.forEach(e -> {
            LossInputException refusal = refused(e.getKey(), e.getValue());
            assertEquals("L4J-P05", refusal.code(), e.toString());
            assertTrue(refusal.getMessage().contains(" is " + bad), refusal.getMessage());
        });
    }

    @Test
    void r7_3_otherRanges() {
        Map<String, Object> logits = Map.of("input", "logits");
        for (LossType<?> type : List.of(Dice.TYPE, GeneralizedDice.TYPE, LovaszSoftmax.TYPE, FMeasure.TYPE)) {
            assertTrue(refused(type, logits).getMessage().contains("set activation to sigmoid or softmax"));
            assertEquals(
                    "L4J-P05",
                    refused(type, Map.of("input", "log_probabilities")).code());
        }
        assertEquals(
                "L4J-P05", refused(Tversky.TYPE, Map.of("alpha", 0, "beta", 0)).code());
        assertEquals("L4J-P05", refused(MultiMargin.TYPE, Map.of("p", 3)).code());
        assertEquals("L4J-P05", refused(MultiMargin.TYPE, Map.of("p", 0)).code());
        assertEquals("L4J-P05", refused(AsymmetricLoss.TYPE, Map.of("clip", 1)).code());
        assertEquals("L4J-P05", refused(CrossEntropy.TYPE, Map.of("epsilon", 0)).code());
        assertEquals(
                "L4J-P05", refused(CrossEntropy.TYPE, Map.of("epsilon", 0.5)).code());
        assertEquals(
                "L4J-P05", refused(SigmoidFocal.TYPE, Map.of("alpha", 1.01)).code());
        assertEquals("L4J-P05", refused(Huber.TYPE, Map.of("delta", 0)).code());
        List<Map.Entry<LossType<?>, Map<String, ?>>> ends = List.of(
                Map.entry(Quantile.TYPE, Map.of("quantile", 0)),
                Map.entry(Quantile.TYPE, Map.of("quantile", 1)),
                Map.entry(MeanAbsolutePercentageError.TYPE, Map.of("epsilon", 0)),
                Map.entry(Tweedie.TYPE, Map.of("power", 0.99)),
                Map.entry(Tweedie.TYPE, Map.of("power", 2.01)),
                Map.entry(Cauchy.TYPE, Map.of("scale", 0)),
                Map.entry(Charbonnier.TYPE, Map.of("scale", 0)),
                Map.entry(GemanMcclure.TYPE, Map.of("scale", 0)),
                Map.entry(Welsch.TYPE, Map.of("scale", 0)),
                Map.entry(Poly1SigmoidFocal.TYPE, Map.of("epsilon", -1)),
                Map.entry(Poly1SigmoidFocal.TYPE, Map.of("epsilon", Double.POSITIVE_INFINITY)),
                Map.entry(PenaltyReducedFocal.TYPE, Map.of("input", "log_probabilities")));
        ends.forEach(
                e -> assertEquals("L4J-P05", refused(e.getKey(), e.getValue()).code(), e.toString()));
        assertEquals(
                "L4J-P04", refused(Hinge.TYPE, Map.of("labels", "plus_minus")).code());
        assertEquals(
                "L4J-P05",
                refused(SoftmaxFocal.TYPE, Map.of("gamma", List.of())).code());
        assertEquals(
                "L4J-P05", refused(Ldam.TYPE, Map.of("class_counts", List.of())).code());
        assertEquals(
                "L4J-P05",
                refused(Ldam.TYPE, Map.of("class_counts", List.of(1, 0))).code());
    }

    @Test
    void oneCountForAllClassesSaysNothing() {
        LossInputException e = refused(Ldam.TYPE, Map.of("class_counts", 5));
        assertTrue(e.getMessage().contains("class_counts is 5.0, expected one number per class"), e.getMessage());
    }

    @Test
    void formsThatALossCannotBeComputedFrom() {
        LossInputException e = refused(KlDivergence.TYPE, Map.of("input", "logits"));
        assertEquals("L4J-P05", e.code());
        assertTrue(e.getMessage().contains("softmax_cross_entropy"), e.getMessage());
        assertEquals(
                "L4J-P05",
                refused(SigmoidFocal.TYPE, Map.of("input", "log_probabilities")).code());
    }

    @Test
    void laterVersionsKeepTheirParameters() {
        LossType<Everything> later = Everything.TYPE.version(2);
        assertEquals(2, later.version());
        assertEquals(Everything.TYPE.parameters(), later.parameters());
        assertEquals(Everything.TYPE.create(Map.of("number", 1)), later.create(Map.of("number", 1)));
    }

    @Test
    void declarationsThatCannotWorkAreRefusedAtOnce() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> LossType.of(Unsupported.class, "unsupported", Map.of()));
        assertTrue(e.getMessage().startsWith("L4J-P02 unsupported: component names"), e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> LossType.of(Hidden.class, "hidden", Map.of()));
        assertTrue(e.getMessage().contains("public"), e.getMessage());
        e = assertThrows(
                IllegalArgumentException.class,
                () -> LossType.of(Everything.class, "everything", Map.of("nmber", 1.0)));
        assertTrue(e.getMessage().contains("nmber"), e.getMessage());
        // a default in camelCase, or of another type than the component
        assertThrows(IllegalArgumentException.class, () -> LossType.of(Ldam.class, "ldam", Map.of("maxMargin", 0.5)));
        e = assertThrows(IllegalArgumentException.class, () -> LossType.of(Huber.class, "huber", Map.of("delta", "1")));
        assertTrue(e.getMessage().contains("delta"), e.getMessage());
    }

    @Test
    void numbersPerColumnAreComparedByContent() {
        assertEquals(PerColumn.of(1.0, 2), PerColumn.of(1L, 2L));
        assertEquals(PerColumn.of(1.0, 2).hashCode(), PerColumn.of(1L, 2L).hashCode());
        assertNotEquals(PerColumn.all(1), PerColumn.of(1.0));
        assertNotEquals(PerColumn.of(1.0), PerColumn.of(2.0));
        assertEquals("1.0", PerColumn.all(1).toString());
        assertEquals("[1.0]", PerColumn.of(1.0).toString());
        assertEquals(0, PerColumn.all(1).columns());
        assertEquals(1, PerColumn.of(1.0).columns());
        assertEquals(1, PerColumn.all(1).at(99));
    }

    @Test
    void r6_1_numbersPerColumnAndTransformsCannotBeChangedFromOutside() {
        double[] numbers = {1, 2};
        PerColumn perColumn = PerColumn.of(numbers);
        LogitTransform transform = new LogitTransform(2, numbers, numbers);
        numbers[0] = 9;
        perColumn.toArray()[0] = 9;
        transform.bias()[0] = 9;
        transform.margin()[0] = 9;
        assertEquals(1, perColumn.at(0));
        assertEquals(1, transform.bias()[0]);
        assertEquals(1, transform.margin()[0]);
        assertTrue(LogitTransform.IDENTITY.isIdentity());
        assertTrue(!transform.isIdentity());
        assertEquals("scale 2.0, bias [1.0, 2.0], margin [1.0, 2.0]", transform.toString());
    }
}
