package io.loss4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.BinaryCrossEntropy;
import io.loss4j.loss.CrossEntropy;
import io.loss4j.loss.InputForm;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.NegativeLogLikelihood;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.Scaled;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.WeightedSum;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a profile makes of a loss, and of a name. */
class ProfileTest {
    /** Parameters without a default in the library either. */
    private static final Map<String, Map<String, Integer>> REQUIRED =
            Map.of("LossMixtureDensity", Map.of("gaussians", 2, "labelWidth", 1));

    private static final InputForm PROBABILITIES = InputForm.PROBABILITIES;

    @ParameterizedTest
    @EnumSource
    void everyNameMakesALossThatIsSavedOrSaysWhyNot(Profile profile) {
        Map<String, String> names = profile.names();
        assertTrue(names.size() > 20, names.toString());
        names.forEach((name, becomes) -> {
            if (profile.has(name)) {
                LossFunction loss = profile.loss(name, REQUIRED.getOrDefault(name, Map.of()));
                assertEquals(loss, LossFunction.fromJson(loss.toJson()), name);
                assertTrue(becomes.contains(":"), becomes);
            } else {
                assertTrue(becomes.startsWith("no counterpart: "), becomes);
                String message = message(() -> profile.loss(name));
                assertTrue(message.startsWith("L4J-P22 "), message);
            }
        });
        assertFalse(profile.has("loss of tomorrow"));
    }

    @Test
    void noNameIsGivenTwice() {
        for (List<PeerLoss> table : List.of(TorchNames.all(), KerasNames.all(), Dl4jNames.all())) {
            Set<String> seen = new HashSet<>();
            table.forEach(row -> row.names().forEach(name -> assertTrue(seen.add(name), name)));
        }
    }

    @Test
    void r4_1_meansOfTorch() {
        LossFunction indices = Profile.TORCH.of(new SoftmaxCrossEntropy());
        assertEquals(Reduction.WEIGHTED_MEAN, indices.reduction());
        assertEquals(OptionalLong.of(-100), indices.ignoreIndex());
        LossFunction distributions = Profile.TORCH.ofDistributions(new SoftmaxCrossEntropy());
        assertEquals(Reduction.BATCH_MEAN, distributions.reduction());
        assertEquals(OptionalLong.empty(), distributions.ignoreIndex());
        for (LossSpec spec : List.of(new SigmoidCrossEntropy(), new KlDivergence(), new MultiMargin())) {
            assertEquals(LossFunction.of(spec), Profile.TORCH.of(spec), spec.id());
        }
        assertEquals(
                Reduction.MEAN,
                Profile.TORCH.ofDistributions(new SigmoidCrossEntropy()).reduction());
        assertEquals(
                LossFunction.of(new BinaryCrossEntropy()),
                Profile.TORCH.of(new BinaryCrossEntropy()),
                "logarithms end at -100 already");
    }

    @Test
    void r4_1_meansAndClippingOfKeras() {
        assertEquals(LossFunction.of(new SoftmaxCrossEntropy()), Profile.KERAS.of(new SoftmaxCrossEntropy()));
        assertEquals(LossFunction.of(new CrossEntropy(1e-7)), Profile.KERAS.of(new CrossEntropy()));
        assertEquals(LossFunction.of(new BinaryCrossEntropy(1e-7)), Profile.KERAS.of(new BinaryCrossEntropy()));
        assertEquals(LossFunction.of(new CrossEntropy(0.01)), Profile.KERAS.of(new CrossEntropy(0.01)), "its own");
        assertEquals(
                Reduction.BATCH_MEAN,
                Profile.KERAS.of(new KlDivergence(PROBABILITIES)).reduction(),
                "summed over the classes");
    }

    @Test
    void r4_1_meansAndClippingOfDeeplearning4j() {
        for (LossSpec spec : List.of(new SoftmaxCrossEntropy(), new SigmoidCrossEntropy(), new MeanSquaredError())) {
            assertEquals(LossFunction.of(spec).withReduction(Reduction.BATCH_MEAN), Profile.DL4J.of(spec));
        }
        assertEquals(
                new BinaryCrossEntropy(1e-5),
                Profile.DL4J.of(new BinaryCrossEntropy()).spec());
        assertEquals(
                new CrossEntropy(1e-10), Profile.DL4J.of(new CrossEntropy()).spec());
    }

    @Test
    void clipsWithinScaledLossesAndSums() {
        assertEquals(
                new Scaled(2, new CrossEntropy(1e-7)),
                Profile.KERAS.of(new Scaled(2, new CrossEntropy())).spec());
        LossFunction sum = Profile.KERAS.of(
                new WeightedSum(List.of(new CrossEntropy(), new Scaled(2, new CrossEntropy())), PerColumn.of(1.0, 3)));
        assertEquals(
                new WeightedSum(
                        List.of(new CrossEntropy(1e-7), new Scaled(2, new CrossEntropy(1e-7))), PerColumn.of(1.0, 3)),
                sum.spec());
        assertEquals(Reduction.MEAN, sum.reduction());
    }

    @Test
    void namesOfTorchWithTheirParameters() {
        assertEquals(
                LossFunction.of(new SoftmaxCrossEntropy())
                        .withReduction(Reduction.SUM)
                        .withClassWeights(ClassWeights.of(1, 2))
                        .withIgnoreIndex(7)
                        .withLabelSmoothing(0.1),
                Profile.TORCH.loss(
                        "CrossEntropyLoss",
                        Map.of(
                                "weight",
                                List.of(1, 2),
                                "ignore_index",
                                7,
                                "label_smoothing",
                                0.1,
                                "reduction",
                                "sum")));
        assertEquals(
                Profile.TORCH.ofDistributions(new SoftmaxCrossEntropy()),
                Profile.TORCH.loss("cross_entropy", Map.of("target", "class_probabilities")));
        assertEquals(Profile.TORCH.of(new NegativeLogLikelihood()), Profile.TORCH.loss("NLLLoss"));
        assertEquals(
                LossFunction.of(new SigmoidCrossEntropy()).withPositiveWeights(PerColumn.of(3.0, 4)),
                Profile.TORCH.loss("BCEWithLogitsLoss", Map.of("pos_weight", new double[] {3, 4})));
        assertEquals(
                LossFunction.of(new KlDivergence()).withReduction(Reduction.BATCH_MEAN),
                Profile.TORCH.loss("KLDivLoss", Map.of("reduction", "batchmean")));
        assertEquals(
                LossFunction.of(new SigmoidFocal(0.25, 2)).withReduction(Reduction.NONE),
                Profile.TORCH.loss("sigmoid_focal_loss"));
        assertEquals(
                LossFunction.of(new SigmoidFocal(3)),
                Profile.TORCH.loss("sigmoid_focal_loss", Map.of("alpha", -1, "gamma", 3, "reduction", "mean")));
    }

    @Test
    void namesOfKerasWithTheirParameters() {
        assertEquals(LossFunction.of(new CrossEntropy(1e-7)), Profile.KERAS.loss("CategoricalCrossentropy"));
        assertEquals(
                LossFunction.of(new SoftmaxCrossEntropy()).withIgnoreIndex(255),
                Profile.KERAS.loss(
                        "sparse_categorical_crossentropy", Map.of("from_logits", true, "ignore_class", 255)));
        assertEquals(
                LossFunction.of(new BinaryCrossEntropy(1e-7)).withLabelSmoothing(0.2),
                Profile.KERAS.loss("bce", Map.of("label_smoothing", 0.2, "from_logits", false, "name", "mine")));
        assertEquals(
                LossFunction.of(new Scaled(0.25, new SoftmaxFocal(PerColumn.all(2), PROBABILITIES))),
                Profile.KERAS.loss("categorical_focal_crossentropy"));
        assertEquals(
                LossFunction.of(new SoftmaxFocal(3)).withClassWeights(ClassWeights.of(1, 2)),
                Profile.KERAS.loss(
                        "CategoricalFocalCrossentropy",
                        Map.of("alpha", List.of(1, 2), "gamma", 3, "from_logits", true, "axis", -1)));
        assertEquals(
                new SigmoidFocal(null, 2, PROBABILITIES),
                Profile.KERAS.loss("BinaryFocalCrossentropy").spec(),
                "alpha counts only when asked for");
        assertEquals(
                new SigmoidFocal(0.25, 2, PROBABILITIES),
                Profile.KERAS
                        .loss("BinaryFocalCrossentropy", Map.of("apply_class_balancing", true))
                        .spec());
    }

    @Test
    void namesOfDeeplearning4j() {
        LossFunction mcxent = Profile.DL4J.of(new CrossEntropy());
        for (String name : List.of("MCXENT", "NEGATIVELOGLIKELIHOOD", "SPARSE_MCXENT", "LossMCXENT")) {
            assertEquals(mcxent, Profile.DL4J.loss(name));
        }
        assertEquals(
                new CrossEntropy(1e-6),
                Profile.DL4J.loss("MCXENT", Map.of("softmaxClipEps", 1e-6)).spec());
        assertEquals(
                Profile.DL4J.of(new MeanSquaredError()).withClassWeights(ClassWeights.of(1, 3)),
                Profile.DL4J.loss("L2", Map.of("weights", List.of(1, 3))));
        assertEquals(new MeanSquaredError(true), Profile.DL4J.loss("MSE").spec(), "divided by the number of outputs");
    }

    @Test
    void r9_wrongNamesAndParametersNameTheNearest() {
        Stream.of(
                        message(() -> Profile.TORCH.loss("CrosEntropyLoss")) + "|did you mean 'CrossEntropyLoss'",
                        message(() -> Profile.KERAS.loss("MCXENT")) + "|Keras: the loss 'MCXENT' is not known",
                        message(() -> Profile.TORCH.loss("CrossEntropyLoss", Map.of("weights", 1)))
                                + "|L4J-P23 PyTorch CrossEntropyLoss",
                        message(() -> Profile.TORCH.loss("CrossEntropyLoss", Map.of("weights", 1)))
                                + "|did you mean weight",
                        message(() -> Profile.TORCH.loss("CrossEntropyLoss", Map.of("weight", 1)))
                                + "|L4J-P24 softmax_cross_entropy: weight is 1, expected a list of numbers",
                        message(() -> Profile.KERAS.loss("bce", Map.of("reduction", "average")))
                                + "|reduction is average",
                        message(() -> Profile.KERAS.loss("bce", Map.of("axis", 2))) + "|permute",
                        message(() -> Profile.TORCH.loss("TripletMarginLoss")) + "|several outputs")
                .map(line -> line.split("\\|"))
                .forEach(pair -> assertTrue(pair[0].contains(pair[1]), pair[0]));
    }

    private static String message(org.junit.jupiter.api.function.Executable call) {
        return String.valueOf(assertThrows(LossInputException.class, call).getMessage());
    }
}
