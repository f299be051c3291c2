package io.loss4j.dl4j;

import static io.loss4j.dl4j.Arrays2d.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.ClassCounts;
import io.loss4j.ClassWeights;
import io.loss4j.LossFunction;
import io.loss4j.Reduction;
import io.loss4j.loss.KlDivergence;
import io.loss4j.loss.MultiMargin;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class SerialisationTest {
    static Collection<CatalogueCase> catalogue() {
        return CatalogueCase.all().values();
    }

    /** Every loss of the catalogue, every option, and numbers that are hard to write. */
    static List<Loss4jLoss> losses() {
        ClassCounts counts = ClassCounts.of(123_456_789.0, 10_000_000, 1);
        List<Loss4jLoss> losses = new ArrayList<>(List.of(
                Dl4jLosses.softmaxCrossEntropy(),
                Dl4jLosses.softmaxCrossEntropy(ClassWeights.of(1e-12, 1e12, 0.1)),
                Dl4jLosses.softmaxFocal(2, ClassWeights.balanced(counts)),
                Dl4jLosses.logitAdjusted(counts, 1e-7),
                Dl4jLosses.ldam(counts),
                Dl4jLosses.sigmoidCrossEntropy(),
                Dl4jLosses.sigmoidFocal(0.25, 2),
                Dl4jLosses.sigmoidFocal(1e8),
                Dl4jLosses.asymmetric(1, 4, 0.05),
                Dl4jLosses.crossEntropy(),
                Dl4jLosses.binaryCrossEntropy(),
                Dl4jLosses.negativeLogLikelihood(),
                Dl4jLosses.klDivergence(),
                Dl4jLosses.of(new KlDivergence()),
                Dl4jLosses.meanSquaredError(),
                Dl4jLosses.meanAbsoluteError(),
                Dl4jLosses.huber(1e-3),
                Dl4jLosses.of(new MultiMargin(2, 0.5)),
                Dl4jLosses.fMeasure(2)));
        catalogue().forEach(c -> losses.add(c.loss()));
        losses.add(Dl4jLosses.softmaxCrossEntropy()
                .with(f -> f.withLabelSmoothing(0.1).withIgnoreIndex(-100).withZLoss(1e-4)));
        losses.add(Dl4jLosses.sigmoidCrossEntropy().with(f -> f.withPositiveWeights(PerColumn.of(3.0, 1e9))));
        losses.add(Dl4jLosses.sigmoidCrossEntropy().with(f -> f.withPositiveWeights(PerColumn.all(10))));
        for (Reduction reduction : Reduction.values()) {
            LossFunction function = LossFunction.of(new SoftmaxCrossEntropy()).withReduction(reduction);
            losses.add(Dl4jLosses.feedForward(function));
            losses.add(Dl4jLosses.rowsPerExample(28, function));
            losses.add(Dl4jLosses.undivided(function));
        }
        return losses;
    }

    private static MultiLayerConfiguration configuration(ILossFunction loss) {
        return new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder(loss)
                        .activation(Activation.IDENTITY)
                        .nIn(4)
                        .nOut(3)
                        .build())
                .build();
    }

    private static ILossFunction loss(MultiLayerConfiguration configuration) {
        return ((OutputLayer) configuration.getConf(0).getLayer()).getLossFn();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r7_1_survivesTheJsonAndYamlOfNetworks(Loss4jLoss loss) {
        MultiLayerConfiguration network = configuration(loss);
        assertEquals(loss, loss(MultiLayerConfiguration.fromJson(network.toJson())));
        assertEquals(loss, loss(MultiLayerConfiguration.fromYaml(network.toYaml())));
        assertEquals(network, MultiLayerConfiguration.fromJson(network.toJson()));
        assertEquals(
                loss.hashCode(),
                loss(MultiLayerConfiguration.fromJson(network.toJson())).hashCode());

        ComputationGraphConfiguration graph = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(loss)
                                .activation(Activation.IDENTITY)
                                .nIn(4)
                                .nOut(3)
                                .build(),
                        "in")
                .setOutputs("out")
                .build();
        assertEquals(graph, ComputationGraphConfiguration.fromJson(graph.toJson()));
        assertEquals(graph, ComputationGraphConfiguration.fromYaml(graph.toYaml()));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void r7_1_survivesJavaSerialisationAndCloning(Loss4jLoss loss) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(loss);
        }
        Loss4jLoss copy;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = (Loss4jLoss) in.readObject();
        }
        assertEquals(loss, copy);
        assertEquals(loss.toString(), copy.toString());
        assertEquals(loss, loss(configuration(loss).clone()));
        // what is derived is there again
        if (loss.function().spec() instanceof SigmoidCrossEntropy
                && loss.function().positiveWeights() == null) {
            assertEquals(
                    -1,
                    copy.computeGradient(
                                    Arrays2d.doubles(new double[] {1}),
                                    Arrays2d.doubles(new double[] {-20}),
                                    Arrays2d.SIGMOID,
                                    null)
                            .getDouble(0),
                    1e-8);
        }
    }

    @Test
    void theJsonIsTheDocumentedOne() throws IOException {
        String json = configuration(Dl4jLosses.sigmoidFocal(0.25, 2)).toJson();
        JsonNode loss = new ObjectMapper().readTree(json).findValue("lossFn");
        assertEquals("io.loss4j.dl4j.Loss4jLoss", loss.get("@class").textValue());
        assertEquals("sigmoid_focal", loss.get("spec").get("id").textValue());
        assertEquals(1, loss.get("spec").get("version").intValue());
        assertEquals(0.25, loss.get("spec").get("params").get("alpha").doubleValue());
        assertEquals("SUM", loss.get("reduction").textValue());
        assertEquals(3, loss.size());
    }

    private static Loss4jLoss read(String json) throws IOException {
        String typed = json.replaceFirst("\\{", "{\"@class\":\"io.loss4j.dl4j.Loss4jLoss\",");
        return (Loss4jLoss) NeuralNetConfiguration.mapper().readValue(typed, ILossFunction.class);
    }

    @Test
    void missingOptionalFieldsTakeDefaults() throws IOException {
        assertEquals(Dl4jLosses.sigmoidFocal(2), read("{\"spec\":{\"id\":\"sigmoid_focal\"},\"reduction\":\"SUM\"}"));
        assertEquals(
                Dl4jLosses.feedForward(LossFunction.of(new SigmoidFocal(2))),
                read("{\"spec\":{\"id\":\"sigmoid_focal\",\"params\":{\"gamma\":2}},\"rows_per_example\":1}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`spec`:{`id`:`sigmoid_focle`},`reduction`:`SUM`} | L4J-J02",
                "{`spec`:{`id`:`huber`,`params`:{`delta`:1,`beta`:1}},`reduction`:`SUM`} | L4J-P01",
                "{`spec`:{`id`:`huber`,`params`:{`delta`:`much`}},`reduction`:`SUM`} | L4J-P04",
                "{`spec`:{`id`:`ldam`},`reduction`:`SUM`} | L4J-P03",
                "{`spec`:{`id`:`huber`},`reduction`:`SUM`,`weights`:[1]} | L4J-J04",
                "{`spec`:{`id`:`huber`},`reduction`:`TOTAL`} | L4J-J05",
                "{`spec`:{`id`:`huber`},`reduction`:`MEAN`} | L4J-D03",
                "{`spec`:{`id`:`huber`},`reduction`:`MEAN`,`rows_per_example`:0} | L4J-D04",
                "{`spec`:{`id`:`huber`},`reduction`:`MEAN`,`rows_per_example`:1.5} | L4J-J05",
                "{`spec`:{`id`:`huber`},`reduction`:`MEAN`,`minibatch`:false,`rows_per_example`:1} | L4J-J05",
                "{`spec`:{`id`:`huber`},`reduction`:`MEAN`,`minibatch`:`no`} | L4J-J05",
                "{`spec`:[[[[]]]],`reduction`:`SUM`} | L4J-J05",
                "{`reduction`:`SUM`} | L4J-J05"
            })
    void r7_3_hostileJsonIsRefusedByName(String json, String code) {
        String text = json.replace('`', '"');
        Exception e = assertThrows(Exception.class, () -> read(text));
        assertTrue(e.getMessage().contains(code), e.getMessage());
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void savedModelsGoOnAsIfNothingHadHappened(CatalogueCase c, @TempDir File folder) throws IOException {
        Head head = Head.OUTPUT;
        DataType type = DataType.FLOAT;
        DataSet data = new DataSet(head.features(type), c.labels(head, type), null, head.rowMask(type));
        MultiLayerNetwork network = c.network(head, type, new Adam(0.05));
        network.fit(data);
        File file = new File(folder, "model.zip");
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file, true);
        INDArray before = restored.params().dup();
        for (int i = 0; i < 3; i++) {
            network.fit(data);
            restored.fit(data);
        }
        assertClose(network.params(), restored.params(), 0);
        assertEquals(network.score(data), restored.score(data), 0);
        assertNotEquals(before, restored.params());
    }

    /** In a JVM of its own, since this one has a backend on its class path. */
    @Test
    void r7_2_aModelLoadsAndPredictsWithoutAnyBackend(@TempDir File folder) throws Exception {
        Head head = Head.OUTPUT;
        MultiLayerNetwork network =
                head.network(Dl4jLosses.softmaxFocal(2), Activation.SOFTMAX, 3, DataType.FLOAT, new Adam(0.05));
        File file = new File(folder, "model.zip");
        ModelSerializer.writeModel(network, file, true);

        String separator = File.pathSeparator;
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(separator))
                .filter(entry -> !entry.contains("loss-cpu")
                        && !Path.of(entry, BACKENDS).toFile().isFile())
                .collect(Collectors.joining(separator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        LoadWithoutBackend.class.getName(),
                        file.getPath())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("loaded softmax_focal(gamma=2.0, input=logits)"), output);
        assertTrue(output.contains("backends []"), output);
        assertTrue(output.contains("predicted [6, 3]"), output);
        assertTrue(output.contains("training: L4J-B01"), output);
        assertTrue(output.contains("add loss-cpu to the class path"), output);
    }

    private static final String BACKENDS = "META-INF/services/io.loss4j.backend.LossBackend";
}
