package io.loss4j.examples.data;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What a saved model must know of its table in order to read another one.
 *
 * @param label the name of the label column
 * @param classes the names of the classes, in the order of the outputs
 * @param encoding how rows become inputs
 * @param missing cells that stand for "not known", besides the usual ones: {@code VALUE} or {@code COLUMN=VALUE}
 */
public record Schema(String label, List<String> classes, Encoding encoding, List<String> missing) {
    private static final int VERSION = 1;

    /** Copies the lists. */
    public Schema {
        classes = List.copyOf(classes);
        missing = List.copyOf(missing);
    }

    /** As JSON. */
    public String toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", "loss4j_table");
        node.put("version", VERSION);
        node.put("label", label);
        ArrayNode names = node.putArray("classes");
        classes.forEach(names::add);
        ArrayNode absent = node.putArray("missing");
        missing.forEach(absent::add);
        EncodingJson.write(encoding, node.putArray("features"));
        return node.toString();
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Schema of(JsonNode node) {
        if (!node.path("id").asText().equals("loss4j_table")
                || node.path("version").asInt() != VERSION) {
            throw new IllegalArgumentException("not a table of version " + VERSION);
        }
        return new Schema(
                node.required("label").textValue(),
                texts(node.required("classes")),
                EncodingJson.read(node.required("features")),
                texts(node.required("missing")));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }
}
