package io.loss4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README promises. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final String FRAME = """
            import io.loss4j.*;
            import io.loss4j.dl4j.*;
            import io.loss4j.dl4j.keras.*;
            import io.loss4j.loss.*;
            import java.util.List;
            import java.util.Map;
            import org.deeplearning4j.nn.conf.*;
            import org.deeplearning4j.nn.conf.layers.*;
            import org.deeplearning4j.nn.modelimport.keras.*;
            import org.deeplearning4j.nn.multilayer.*;
            import org.nd4j.linalg.activations.Activation;
            import org.nd4j.linalg.api.ndarray.INDArray;
            import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
            import org.nd4j.linalg.learning.config.Adam;

            class Example {
                MultiLayerNetwork network;

                void example(DataSetIterator trainingData, INDArray logits, INDArray labels) throws Exception {
            %s
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void everyJavaExampleCompiles() throws IOException {
        List<String> examples = new ArrayList<>();
        Matcher matcher = JAVA.matcher(Files.readString(README));
        while (matcher.find()) {
            examples.add(matcher.group(1));
        }
        assertEquals(6, examples.size());
        for (String example : examples) {
            assertEquals("", JavaText.errors(FRAME.formatted(example), folder), example);
        }
        assertTrue(JavaText.errors(FRAME.formatted("Nonsense x;"), folder).contains("Nonsense"), "errors are seen");
    }

    @Test
    void theOutputHasTheRowsThatTrainPrints() throws IOException {
        String readme = Files.readString(README);
        for (String row : List.of("balanced accuracy", "PR-AUC of yes", "ROC-AUC of yes", "Brier score of yes")) {
            assertTrue(readme.contains("| " + row), row);
        }
    }
}
