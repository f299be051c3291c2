package io.loss4j;

import io.loss4j.catalogue.LossJson;
import io.loss4j.loss.LogitTransform;
import io.loss4j.loss.PerColumn;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** JSON of a loss function: its spec and every option that is not at its default. */
final class FunctionJson {
    private static final String WHO = "loss function";
    private static final Set<String> FIELDS = Set.of(
            "spec",
            "reduction",
            "class_weights",
            "positive_weights",
            "label_smoothing",
            "ignore_index",
            "z_loss",
            "logits");

    private FunctionJson() {}

    static ObjectNode write(LossFunction function) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("spec", LossJson.write(function.spec()));
        node.put("reduction", function.reduction().name());
        if (!function.classWeights().isNone()) {
            node.set("class_weights", LossJson.numbers(function.classWeights().toArray()));
        }
        PerColumn positive = function.positiveWeights();
        if (positive != null) {
            if (positive.isScalar()) {
                node.put("positive_weights", positive.at(0));
            } else {
                node.set("positive_weights", LossJson.numbers(positive.toArray()));
            }
        }
        if (function.labelSmoothing() != 0) {
            node.put("label_smoothing", function.labelSmoothing());
        }
        function.ignoreIndex().ifPresent(label -> node.put("ignore_index", label));
        if (function.zLoss() != 0) {
            node.put("z_loss", function.zLoss());
        }
        if (!function.logits().isIdentity()) {
            node.set("logits", write(function.logits()));
        }
        return node;
    }

    private static ObjectNode write(LogitTransform logits) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("scale", logits.scale());
        double[] bias = logits.bias();
        if (bias != null) {
            node.set("bias", LossJson.numbers(bias));
        }
        double[] margin = logits.margin();
        if (margin != null) {
            node.set("margin", LossJson.numbers(margin));
        }
        return node;
    }

    static LossFunction read(String json) {
        return read(LossJson.parse(json));
    }

    static LossFunction read(JsonNode node) {
        LossJson.object(WHO, node, FIELDS);
        JsonNode spec = node.get("spec");
        if (spec == null) {
            throw LossJson.wrong(WHO, "spec", null, "a loss");
        }
        LossFunction function = LossFunction.of(LossJson.read(spec));
        JsonNode reduction = node.get("reduction");
        if (reduction != null) {
            function = function.withReduction(reduction(reduction));
        }
        JsonNode weights = node.get("class_weights");
        if (weights != null) {
            function = function.withClassWeights(ClassWeights.of(numbers("class_weights", weights)));
        }
        JsonNode positive = node.get("positive_weights");
        if (positive != null) {
            function = function.withPositiveWeights(
                    positive.isNumber()
                            ? PerColumn.all(positive.doubleValue())
                            : PerColumn.of(numbers("positive_weights", positive)));
        }
        JsonNode smoothing = node.get("label_smoothing");
        if (smoothing != null) {
            function = function.withLabelSmoothing(number("label_smoothing", smoothing));
        }
        JsonNode ignored = node.get("ignore_index");
        if (ignored != null) {
            if (!ignored.isIntegralNumber() || !ignored.canConvertToLong()) {
                throw LossJson.wrong(WHO, "ignore_index", ignored, "a whole number");
            }
            function = function.withIgnoreIndex(ignored.longValue());
        }
        JsonNode zLoss = node.get("z_loss");
        function = zLoss == null ? function : function.withZLoss(number("z_loss", zLoss));
        JsonNode logits = node.get("logits");
        return logits == null ? function : function.withLogits(logits(logits));
    }

    private static LogitTransform logits(JsonNode node) {
        LossJson.object("logits", node, Set.of("scale", "bias", "margin"));
        JsonNode scale = node.get("scale");
        JsonNode bias = node.get("bias");
        JsonNode margin = node.get("margin");
        return new LogitTransform(
                scale == null ? 1 : number("scale", scale),
                bias == null ? null : numbers("bias", bias),
                margin == null ? null : numbers("margin", margin));
    }

    private static Reduction reduction(JsonNode node) {
        for (Reduction reduction : Reduction.values()) {
            if (reduction.name().equals(node.textValue())) {
                return reduction;
            }
        }
        throw LossJson.wrong(WHO, "reduction", node, "one of " + Arrays.toString(Reduction.values()));
    }

    private static double number(String field, @Nullable JsonNode node) {
        if (node == null || !node.isNumber()) {
            throw LossJson.wrong(WHO, field, node, "a number");
        }
        return node.doubleValue();
    }

    private static double[] numbers(String field, JsonNode node) {
        if (!node.isArray()) {
            throw LossJson.wrong(WHO, field, node, "a list of numbers");
        }
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(field + "[" + i + "]", node.get(i));
        }
        return values;
    }
}
