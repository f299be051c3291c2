package io.loss4j.dl4j.decision;

import io.loss4j.catalogue.LossJson;
import io.loss4j.error.LossInputException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** JSON of decision rules, by id and version as that of losses. */
final class DecisionRuleJson {
    private static final String WHO = "decision rule";
    private static final String ID = "decision_rule";
    private static final int VERSION = 1;
    private static final Set<String> FIELDS =
            Set.of("id", "version", "outputs", "columns", "temperature", "bias", "thresholds", "costs");

    private DecisionRuleJson() {}

    static ObjectNode write(DecisionRule rule) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", ID);
        node.put("version", VERSION);
        node.put("outputs", rule.outputs().word());
        node.put("columns", rule.columns());
        if (rule.temperature() != 1) {
            node.put("temperature", rule.temperature());
        }
        put(node, "bias", rule.bias());
        put(node, "thresholds", rule.thresholds());
        double[][] costs = rule.costs();
        if (costs.length > 0) {
            ArrayNode rows = node.putArray("costs");
            for (double[] row : costs) {
                rows.add(LossJson.numbers(row));
            }
        }
        return node;
    }

    private static void put(ObjectNode node, String field, double[] numbers) {
        if (numbers.length > 0) {
            node.set(field, LossJson.numbers(numbers));
        }
    }

    static DecisionRule read(String json) {
        JsonNode node = LossJson.parse(WHO, json);
        LossJson.object(WHO, node, FIELDS);
        JsonNode id = node.get("id");
        if (id == null || !ID.equals(id.textValue())) {
            throw LossJson.wrong(WHO, "id", id, "\"" + ID + "\"");
        }
        int version = whole("version", node.get("version"));
        if (version > VERSION) {
            throw new LossInputException(
                    "L4J-J03",
                    WHO,
                    "saved as version " + version + ", but this program knows version " + VERSION,
                    "update loss-dl4j");
        }
        JsonNode temperature = node.get("temperature");
        JsonNode costs = node.get("costs");
        return new DecisionRule(
                outputs(node.get("outputs")),
                whole("columns", node.get("columns")),
                temperature == null ? 1 : number("temperature", temperature),
                numbers("bias", node.get("bias")),
                numbers("thresholds", node.get("thresholds")),
                costs == null ? null : costs(costs));
    }

    private static Outputs outputs(@Nullable JsonNode node) {
        for (Outputs outputs : Outputs.values()) {
            if (node != null && outputs.word().equals(node.textValue())) {
                return outputs;
            }
        }
        throw LossJson.wrong(
                WHO,
                "outputs",
                node,
                "one of " + Arrays.stream(Outputs.values()).map(Outputs::word).toList());
    }

    private static int whole(String field, @Nullable JsonNode node) {
        if (node == null || !node.isInt() || node.intValue() < 1) {
            throw LossJson.wrong(WHO, field, node, "a whole number from 1");
        }
        return node.intValue();
    }

    private static double number(String field, JsonNode node) {
        if (!node.isNumber()) {
            throw LossJson.wrong(WHO, field, node, "a number");
        }
        return node.doubleValue();
    }

    private static double @Nullable [] numbers(String field, @Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (!node.isArray()) {
            throw LossJson.wrong(WHO, field, node, "a list of numbers");
        }
        double[] numbers = new double[node.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(field + "[" + i + "]", node.get(i));
        }
        return numbers;
    }

    private static CostMatrix costs(JsonNode node) {
        if (!node.isArray()) {
            throw LossJson.wrong(WHO, "costs", node, "a list of lists of numbers");
        }
        double[][] costs = new double[node.size()][];
        for (int i = 0; i < costs.length; i++) {
            double[] row = numbers("costs[" + i + "]", node.get(i));
            costs[i] = row == null ? new double[0] : row;
        }
        return CostMatrix.of(costs);
    }
}
