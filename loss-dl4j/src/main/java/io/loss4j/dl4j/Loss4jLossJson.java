package io.loss4j.dl4j;

import io.loss4j.LossFunction;
import io.loss4j.catalogue.LossJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The part of a saved model that holds the loss: the JSON of the function plus what it assumes about the minibatch. */
final class Loss4jLossJson {
    private static final String WHO = "Loss4jLoss";
    private static final String ROWS_PER_EXAMPLE = "rows_per_example";
    private static final String MINIBATCH = "minibatch";
    private static final int SHOWN_NUMBERS = 6;

    private Loss4jLossJson() {}

    static ObjectNode write(Loss4jLoss loss) {
        ObjectNode node = (ObjectNode) LossJson.parse(loss.function().toJson());
        if (!loss.minibatch().divided()) {
            node.put(MINIBATCH, false);
        } else if (!loss.minibatch().isUnscaled()) {
            node.put(ROWS_PER_EXAMPLE, loss.minibatch().rowsPerExample());
        }
        return node;
    }

    static Loss4jLoss read(JsonNode node) {
        LossJson.object(WHO, node, null);
        ObjectNode rest = node.deepCopy();
        Minibatch minibatch = minibatch(rest); // takes its fields out, so that the function sees only its own
        return new Loss4jLoss(LossFunction.fromJson(rest.toString()), minibatch);
    }

    private static Minibatch minibatch(ObjectNode node) {
        JsonNode divided = node.remove(MINIBATCH);
        JsonNode rows = node.remove(ROWS_PER_EXAMPLE);
        if (divided != null && !divided.isBoolean()) {
            throw LossJson.wrong(WHO, MINIBATCH, divided, "true or false");
        }
        if (divided != null && !divided.booleanValue()) {
            if (rows != null) {
                throw LossJson.wrong(WHO, ROWS_PER_EXAMPLE, rows, "nothing beside minibatch = false");
            }
            return Minibatch.UNDIVIDED;
        }
        if (rows == null) {
            return Minibatch.OF_SUMS;
        }
        if (!rows.isInt()) {
            throw LossJson.wrong(WHO, ROWS_PER_EXAMPLE, rows, "a whole number from 1");
        }
        return Minibatch.ofRowsPerExample(rows.intValue());
    }

    static String describe(Loss4jLoss loss) {
        ObjectNode node = write(loss);
        List<String> options = new ArrayList<>();
        JsonNode spec = node.remove("spec");
        spec.get("params").fields().forEachRemaining(e -> options.add(describe(e)));
        node.fields().forEachRemaining(e -> options.add(describe(e)));
        options.remove("reduction=SUM");
        return spec.get("id").textValue() + "(" + String.join(", ", options) + ")";
    }

    private static String describe(Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        if (!value.isArray() || value.size() <= SHOWN_NUMBERS) {
            return entry.getKey() + "=" + value.toString().replace("\"", "");
        }
        List<String> first = new ArrayList<>();
        for (int i = 0; i < SHOWN_NUMBERS; i++) {
            first.add(value.get(i).toString());
        }
        return entry.getKey() + "=[" + String.join(",", first) + ",... " + value.size() + " numbers]";
    }
}
