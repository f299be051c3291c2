package io.loss4j.examples.data;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Features as JSON, without names of classes. */
final class EncodingJson {
    private EncodingJson() {}

    static void write(Encoding encoding, ArrayNode to) {
        for (Feature feature : encoding.features()) {
            ObjectNode node = to.addObject();
            node.put("column", feature.name());
            node.put("missing", feature.knowsMissing());
            if (feature instanceof Feature.Numeric number) {
                node.put("mean", number.mean());
                node.put("deviation", number.deviation());
            } else if (feature instanceof Feature.Categorical categories) {
                ArrayNode values = node.putArray("values");
                categories.values().forEach(values::add);
            }
        }
    }

    static Encoding read(JsonNode from) {
        List<Feature> features = new ArrayList<>();
        for (JsonNode node : from) {
            String column = node.required("column").textValue();
            boolean missing = node.required("missing").booleanValue();
            if (node.has("values")) {
                List<String> values = new ArrayList<>();
                node.get("values").forEach(value -> values.add(value.textValue()));
                features.add(new Feature.Categorical(column, values, missing));
            } else {
                double mean = node.required("mean").doubleValue();
                features.add(new Feature.Numeric(
                        column, mean, node.required("deviation").doubleValue(), missing));
            }
        }
        return new Encoding(features);
    }
}
