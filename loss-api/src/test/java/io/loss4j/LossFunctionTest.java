package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.catalogue.LossJson;
import io.loss4j.loss.AsymmetricLoss;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.FMeasure;
import io.loss4j.loss.Huber;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.Ldam;
import io.loss4j.loss.LogitAdjustedCrossEntropy;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeightedSum;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a function is made of, and that it survives being saved. */
class LossFunctionTest {
    private static final Map<Class<?>, Object> REQUIRED = Map.of(
            PerColumn.class,
            PerColumn.of(30L, 4L, 1L),
            double.class,
            0.5,
            int.class,
            2,
            LossSpec.class,
            new CrossEntropy(0.01),
            List.class,
            List.of(new CrossEntropy(0.01), new CrossEntropy()));

    /** Every registered loss with its defaults, and every parameter at another value somewhere. */
    static Stream<LossSpec> specs() {
        Set<LossSpec> all = new LinkedHashSet<>();
        for (LossType<?> type : LossCatalogue.types().values()) {
            Map<String, Object> required = new HashMap<>();
            for (LossType.Parameter p : type.parameters()) {
                if (p.required()) {
                    required.put(p.name(), REQUIRED.get(p.type()));
                }
            }
            all.add(type.create(required));
        }
        all.addAll(List.of(
                new SoftmaxFocal(PerColumn.of(0.5, 2, 1e-3), InputForm.PROBABILITIES),
                new SoftmaxFocal(1.25),
                new CrossEntropy(1e-7),
                new Scaled(
                        2,
                        new WeightedSum(
                                List.of(new Scaled(3, new Ldam(PerColumn.of(4L, 5L))), new SoftmaxFocal(1)),
                                PerColumn.of(0.5, 2))),
                new BinaryCrossEntropy(1e-7),
                new LogitAdjustedCrossEntropy(PerColumn.of(1.5, 1e9), 0.7),
                new Ldam(PerColumn.of(1.5, 1e9), 0.7, 1),
                new SigmoidFocal(0.25, 1.1, InputForm.PROBABILITIES),
                new AsymmetricLoss(0.1, 3.3, 0),
                new KlDivergence(InputForm.PROBABILITIES, true),
                new Huber(Math.PI),
                new MultiMargin(2, 0.7),
                new FMeasure(0.1 + 0.2)));
        Map<String, Object> values = new HashMap<>(Map.of(
                "number",
                Double.MIN_VALUE,
                "count",
                Integer.MIN_VALUE,
                "flag",
                false,
                "word",
                "a \"quoted\"\n\u20ac",
                "form",
                InputForm.LOG_PROBABILITIES));
        values.put("maybe", -0.0);
        all.add(LossCatalogue.create("everything", values));
        return all.stream();
    }

    static Stream<LossFunction> functions() {
        return specs().flatMap(spec -> {
            List<LossFunction> all = new ArrayList<>();
            LossFunction f = LossFunction.of(spec);
            all.add(f);
            all.add(f.withReduction(Reduction.WEIGHTED_MEAN)
                    .withClassWeights(ClassWeights.of(1, 0.1, 7e-300))
                    .withIgnoreIndex(Long.MIN_VALUE));
            if (spec instanceof SoftmaxLoss || spec instanceof BinaryLoss || spec instanceof BatchLoss) {
                all.add(f.withLabelSmoothing(0.1));
            }
            if (spec instanceof BinaryLoss) {
                all.add(f.withPositiveWeights(PerColumn.all(3)));
                all.add(f.withPositiveWeights(PerColumn.of(3.0, 0)));
                all.add(f.withPositiveWeights(PerColumn.of(3.0)));
            }
            if (spec instanceof SoftmaxLoss loss && loss.input() == InputForm.LOGITS) {
                all.add(f.withZLoss(1e-4));
                all.add(f.withLogits(LogitTransform.priors(PerColumn.of(30L, 4L, 1L), 0.5)));
                all.add(f.withLogits(LogitTransform.margins(PerColumn.of(30L, 4L, 1L), 0.5, 2)));
            }
            return all.stream();
        });
    }

    @SuppressWarnings("unchecked")
    private static <T extends Serializable> T throughJava(T object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }

    private static void assertCopy(Object original, Object copy) {
        assertNotSame(original, copy);
        assertEquals(original, copy);
        assertEquals(original.hashCode(), copy.hashCode());
        assertEquals(original.toString(), copy.toString());
    }

    @ParameterizedTest
    @MethodSource("specs")
    void r7_1_specsSurviveJsonAndJava(LossSpec spec) throws Exception {
        assertCopy(spec, throughJava(spec));
        assertCopy(spec, LossJson.read(LossJson.write(spec)));
        assertCopy(spec, LossJson.read(LossJson.parse(LossJson.write(spec).toString())));
        assertCopy(spec, LossCatalogue.create(spec.id(), spec.type().values(spec)));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void r7_1_functionsSurviveJsonAndJava(LossFunction function) throws Exception {
        assertCopy(function, throughJava(function));
        assertCopy(function, LossFunction.fromJson(function.toJson()));
    }

    @Test
    void r7_1_countsAndWeightsSurviveJava() throws Exception {
        assertCopy(ClassCounts.of(1, 2), throughJava(ClassCounts.of(1, 2)));
        assertCopy(ClassWeights.of(1, 2), throughJava(ClassWeights.of(1, 2)));
        assertCopy(PerColumn.all(1), throughJava(PerColumn.all(1)));
        assertTrue(throughJava(ClassWeights.none()).isNone());
    }

    @Test
    void r7_1_everySetOfOptionsIsDifferent() {
        List<LossFunction> all = functions().toList();
        assertEquals(all.size(), Set.copyOf(all).size());
        assertEquals(
                all.size(),
                Set.copyOf(all.stream().map(LossFunction::toJson).toList()).size());
    }

    @Test
    void jsonHoldsIdVersionAndWhatIsNotAtItsDefault() {
        LossFunction f = LossFunction.of(new SigmoidFocal(0.25, 2));
        assertEquals(
                "{\"spec\":{\"id\":\"sigmoid_focal\",\"version\":1,\"params\":{\"alpha\":0.25,\"gamma\":2.0,\"input\":\"logits\"}},"
                        + "\"reduction\":\"MEAN\"}",
                f.toJson());
        f = LossFunction.of(new SoftmaxCrossEntropy())
                .withReduction(Reduction.SUM)
                .withClassWeights(ClassWeights.of(1, 2))
                .withLabelSmoothing(0.1)
                .withIgnoreIndex(-100)
                .withZLoss(0.5);
        assertEquals(
                "{\"spec\":{\"id\":\"softmax_cross_entropy\",\"version\":1,\"params\":{}},\"reduction\":\"SUM\","
                        + "\"class_weights\":[1.0,2.0],\"label_smoothing\":0.1,\"ignore_index\":-100,\"z_loss\":0.5}",
                f.toJson());
        assertEquals(f.toJson(), f.toString());
    }

    @Test
    void missingParametersTakeTheirDefaults() {
        assertEquals(
                LossFunction.of(new SigmoidFocal(2)), LossFunction.fromJson("{\"spec\":{\"id\":\"sigmoid_focal\"}}"));
        assertEquals(
                LossFunction.of(new SigmoidFocal(1.0, 2)),
                LossFunction.fromJson("{\"spec\":{\"id\":\"sigmoid_focal\",\"params\":{\"alpha\":1}}}"));
    }

    @Test
    void r7_2_theChoiceOfABackendIsNeitherSavedNorCompared() throws Exception {
        LossFunction f = LossFunction.of(new Huber());
        LossFunction chosen = f.on("no_such_backend");
        assertEquals(f, chosen);
        assertEquals(f.hashCode(), chosen.hashCode());
        assertEquals(f.toJson(), chosen.toJson());
        LossFunction copy = throughJava(chosen);
        assertEquals(
                "default",
                copy.on("recording").on("auto").resolve(X, X, null).source().replace("code", "default"));
        assertEquals("recording", copy.resolve(X, X, null).chosen(), "auto again");
    }

    private static final org.nd4j.linalg.api.ndarray.INDArray X = org.nd4j.linalg.factory.Nd4j.zeros(1, 1);

    @Test
    void r6_1_withMethodsLeaveTheOriginalAlone() {
        LossFunction original = LossFunction.of(new SigmoidCrossEntropy());
        String before = original.toJson();
        LossFunction changed = original.withReduction(Reduction.SUM)
                .withClassWeights(ClassWeights.of(1, 2))
                .withPositiveWeights(PerColumn.all(4))
                .withLabelSmoothing(0.5)
                .withIgnoreIndex(3);
        assertEquals(before, original.toJson());
        assertNotEquals(original, changed);
        assertEquals(Reduction.MEAN, original.reduction());
        assertTrue(original.classWeights().isNone());
        assertNull(original.positiveWeights());
        assertEquals(OptionalLong.empty(), original.ignoreIndex());
        assertEquals(Reduction.SUM, changed.reduction());
        assertEquals(ClassWeights.of(1, 2), changed.classWeights());
        assertEquals(PerColumn.all(4), changed.positiveWeights());
        assertEquals(0.5, changed.labelSmoothing());
        assertEquals(OptionalLong.of(3), changed.ignoreIndex());
        assertEquals(0, changed.zLoss());
        assertEquals(new SigmoidCrossEntropy(), changed.spec());
    }
}
