package io.loss4j.examples.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loss4j.examples.JavaText;
import io.loss4j.examples.training.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {
    /** What the reader of the lines has at hand. */
    private static final String FRAME = """
            import io.loss4j.*;
            import io.loss4j.dl4j.*;
            import io.loss4j.dl4j.decision.*;
            import io.loss4j.dl4j.metric.*;
            import io.loss4j.dl4j.sampling.*;
            import io.loss4j.dl4j.schedule.*;
            import org.deeplearning4j.nn.conf.layers.OutputLayer;
            import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
            import org.nd4j.linalg.activations.Activation;
            import org.nd4j.linalg.api.ndarray.INDArray;
            import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
            import org.nd4j.linalg.lossfunctions.ILossFunction;

            class Example {
                void example(MultiLayerNetwork network, DataSetIterator trainingData, int classes,
                        INDArray heldOutFeatures, INDArray heldOutLabels, INDArray features) {
            %s
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void partsHaveOneOrderHoweverTheyAreGiven() {
        Recipe recipe = Recipe.parse("thresholds+smote+class-weighted+focal", 2);
        assertEquals("focal+class-weighted+smote+thresholds", recipe.id());
        assertEquals(Recipe.parse("focal+class-weighted+smote+thresholds", 2), recipe);
        assertEquals("plain", Recipe.parse("plain", 2).id());
        assertEquals("focal", Recipe.parse("plain+focal", 2).id());
    }

    /** Kept fits are known by this text in the next process too. */
    @Test
    void theTextIsTheSameInEveryProcess() {
        assertEquals(
                "Recipe[remedies={LOSS=FOCAL, WEIGHTS=CLASS_WEIGHTED, SAMPLES=SMOTE, DECISION=THRESHOLDS}, gamma=2.0]",
                Recipe.parse("thresholds+smote+class-weighted+focal", 2).toString());
    }

    static Stream<String> candidates() {
        return Stream.concat(
                Recipe.USUAL.stream(),
                Stream.of(
                        "undersampled+logit-adjusted+class-weighted",
                        "asymmetric+effective-number",
                        "ldam-drw+smote+thresholds"));
    }

    @ParameterizedTest
    @MethodSource("candidates")
    void linesOfJavaCompile(String id) {
        List<String> lines = Recipe.parse(id, 2)
                .candidate(new Settings(32, 40, 64, 0.005, 42))
                .java();
        String layer = String.join("\n", lines).replace("// ...", ".nIn(8).nOut(classes).build();");
        assertEquals("", JavaText.errors(FRAME.formatted(layer), folder), layer);
    }
}
