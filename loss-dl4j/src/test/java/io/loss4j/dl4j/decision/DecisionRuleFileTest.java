package io.loss4j.dl4j.decision;

import static io.loss4j.dl4j.metric.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loss4j.error.LossInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

class DecisionRuleFileTest {
    private static final DecisionRule RULE = DecisionRule.ofClasses(2)
            .withTemperature(1.75)
            .withBias(0.1, -1 / 3.0)
            .withThreshold(0.123);

    @TempDir
    Path folder;

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder()
                        .nIn(3)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    @Test
    void r7_1_everyRuleSurvivesJson() {
        double[][] costs = {{0, 1e-300, 3}, {-2, 0, 1}, {7, 8, 0.1}};
        for (DecisionRule rule : List.of(
                RULE,
                DecisionRule.ofClasses(3),
                DecisionRule.ofClassLogits(3).withCosts(costs).withTemperature(Math.PI),
                DecisionRule.ofLabels(2).withThresholds(0.2, 1).withBias(-0.0, Double.MIN_VALUE))) {
            DecisionRule read = DecisionRule.fromJson(rule.toJson());
            assertEquals(rule, read);
            assertEquals(rule.hashCode(), read.hashCode());
            assertEquals(rule.toString(), read.toString());
        }
        assertEquals(
                "{\"id\":\"decision_rule\",\"version\":1,\"outputs\":\"labels\",\"columns\":1,\"thresholds\":[0.25]}",
                DecisionRule.ofLabels(1).withThresholds(0.25).toJson());
    }

    @Test
    void r7_3_hostileJsonIsRefused() {
        String good = "{\"id\":\"decision_rule\",\"version\":1,\"outputs\":\"classes\",\"columns\":2";
        Map<String, String> codes = new TreeMap<>();
        codes.put("", "L4J-J05");
        codes.put("[]", "L4J-J05");
        codes.put("null", "L4J-J05");
        codes.put("{", "L4J-J01");
        codes.put(good + "} x", "L4J-J01");
        codes.put(good + ",\"columns\":2}", "L4J-J01");
        codes.put(good + ",\"temperature\":NaN}", "L4J-J01");
        codes.put(good + ",\"@class\":\"java.lang.Runtime\"}", "L4J-J04");
        codes.put(good.replace("decision_rule", "softmax_focal") + "}", "L4J-J05");
        codes.put(good.replace("\"version\":1", "\"version\":2") + "}", "L4J-J03");
        codes.put(good.replace("\"version\":1", "\"version\":0") + "}", "L4J-J05");
        codes.put(good.replace("\"version\":1,", "") + "}", "L4J-J05");
        codes.put(good.replace("\"columns\":2", "\"columns\":2.5") + "}", "L4J-J05");
        codes.put(good.replace("\"columns\":2", "\"columns\":1") + "}", "L4J-D54");
        codes.put(good.replace("\"classes\"", "\"CLASSES\"") + "}", "L4J-J05");
        codes.put(good + ",\"temperature\":\"1\"}", "L4J-J05");
        codes.put(good + ",\"temperature\":null}", "L4J-J05");
        codes.put(good + ",\"temperature\":-1}", "L4J-D54");
        codes.put(good + ",\"temperature\":1e999}", "L4J-D54");
        codes.put(good + ",\"bias\":[1,[2]]}", "L4J-J05");
        codes.put(good + ",\"bias\":{}}", "L4J-J05");
        codes.put(good + ",\"bias\":[1]}", "L4J-D54");
        codes.put(good + ",\"thresholds\":[]}", "L4J-D54");
        codes.put(good + ",\"thresholds\":[0.5,0]}", "L4J-D54");
        codes.put(good + ",\"costs\":[[0,1],[1]]}", "L4J-D54");
        codes.put(good + ",\"costs\":[1,2]}", "L4J-J05");
        codes.put(good + ",\"costs\":[]}", "L4J-D54");
        codes.put(good + ",\"thresholds\":[1,1],\"costs\":[[0,1],[1,0]]}", "L4J-D54");
        codes.put(good + ",\"columns\":" + "9".repeat(3000) + "}", "L4J-J01");
        codes.put("[".repeat(100_000), "L4J-J01");
        codes.forEach((json, code) -> {
            String shown = json.substring(0, Math.min(120, json.length()));
            LossInputException e = assertThrows(LossInputException.class, () -> DecisionRule.fromJson(json), shown);
            assertEquals(code, e.code(), shown + " gives " + e.getMessage());
            assertTrue(
                    e.getMessage().contains("decision rule") || e.getMessage().contains("cost"), e.getMessage());
            assertTrue(e.getMessage().length() < 500, "short");
        });
    }

    @Test
    void savedAndLoadedBesideTheModel() throws IOException {
        Path file = folder.resolve("model.rule.json");
        DecisionRule.ofClasses(2).save(file);
        RULE.save(file);
        assertEquals(RULE, DecisionRule.load(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "nothing is left behind");
        }
        assertThrows(NoSuchFileException.class, () -> DecisionRule.load(folder.resolve("none")));
        Files.write(file, new byte[] {(byte) 0xff, 0});
        refused("L4J-D56", "is not text in UTF-8", () -> DecisionRule.load(file));
        Files.writeString(file, "{}");
        refused("L4J-J05", "id is missing", () -> DecisionRule.load(file));
    }

    @Test
    void r7_insideTheModelAllElseStaysReadable() throws IOException {
        Path model = folder.resolve("model.zip");
        MultiLayerNetwork network = network();
        ModelSerializer.writeModel(network, model.toFile(), true);
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(new DataSet(Nd4j.rand(8, 3), Nd4j.ones(8, 2)));
        ModelSerializer.addNormalizerToModel(model.toFile(), normalizer);
        refused("L4J-D56", "has no decision rule", () -> DecisionRule.ofModel(model));
        DecisionRule.ofClasses(2).addTo(model);
        RULE.addTo(model);
        assertEquals(RULE, DecisionRule.ofModel(model));
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(model.toFile(), true);
        assertEquals(network.params(), restored.params());
        assertEquals(normalizer, ModelSerializer.restoreNormalizerFromFile(model.toFile()));
        // what Deeplearning4j adds later leaves the rule where it is
        ModelSerializer.addObjectToFile(
                model.toFile(), "names", List.of("no", "yes").toArray(new String[0]));
        assertEquals(RULE, DecisionRule.ofModel(model));
        DecisionRule.ofClasses(2).addTo(model);
        assertEquals(DecisionRule.ofClasses(2), DecisionRule.ofModel(model));
        assertNotNull(ModelSerializer.getObjectFromFile(model.toFile(), "names"));
        assertEquals(
                network.params(),
                ModelSerializer.restoreMultiLayerNetwork(model.toFile(), true).params());
    }

    @Test
    void r9_whatIsNoModelIsRefusedAndLeftAlone() throws IOException {
        Path text = folder.resolve("text");
        Files.writeString(text, "no zip");
        refused("L4J-D56", "is no zip", () -> RULE.addTo(text));
        refused("L4J-D56", "is no zip", () -> DecisionRule.ofModel(text));
        assertEquals("no zip", Files.readString(text));
        Path none = folder.resolve("none.zip");
        refused("L4J-D56", "is no file", () -> RULE.addTo(none));
        refused("L4J-D56", "is no file", () -> DecisionRule.ofModel(folder));
        assertFalse(Files.exists(none));
    }
}
