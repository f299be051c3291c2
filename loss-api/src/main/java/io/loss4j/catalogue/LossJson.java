package io.loss4j.catalogue;

import io.loss4j.error.LossInputException;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.PerColumn;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.json.JsonReadFeature;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * JSON of losses: {@code {"id":"sigmoid_focal","version":1,"params":{"alpha":0.25,"gamma":2.0}}}. Ids are looked up in
 * the {@link LossCatalogue}; nothing is ever made by class name. Uses the Jackson that ND4J brings.
 */
public final class LossJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    /** More than any double needs. Reading whole numbers takes time with the square of their length. */
    private static final int MOST_DIGITS = 2000;

    /** How deep losses may nest. */
    private static final int DEEPEST = 16;

    private static final Set<String> FIELDS = Set.of("id", "version", "params");

    private LossJson() {}

    /** A loss as JSON. */
    public static ObjectNode write(LossSpec spec) {
        LossType<?> type = spec.type();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", type.id());
        node.put("version", type.version());
        ObjectNode params = node.putObject("params");
        type.values(spec).forEach((name, value) -> params.set(name, plain(value)));
        return node;
    }

    private static JsonNode plain(@Nullable Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value == null) {
            return nodes.nullNode();
        } else if (value instanceof Double number) {
            return nodes.numberNode(number);
        } else if (value instanceof Integer number) {
            return nodes.numberNode(number);
        } else if (value instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        } else if (value instanceof Enum<?> constant) {
            return nodes.textNode(LossType.word(constant));
        } else if (value instanceof PerColumn numbers) {
            return numbers.isScalar() ? nodes.numberNode(numbers.at(0)) : numbers(numbers.toArray());
        } else if (value instanceof LossSpec loss) {
            return write(loss);
        } else if (value instanceof List<?> losses) {
            ArrayNode array = nodes.arrayNode();
            losses.forEach(loss -> array.add(plain(loss)));
            return array;
        }
        return nodes.textNode(value.toString());
    }

    /** An array of numbers. */
    public static ArrayNode numbers(double[] values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (double value : values) {
            array.add(value);
        }
        return array;
    }

    /**
     * Reads a loss.
     *
     * @throws LossInputException if anything about it is not as {@link #write} writes it; parameters that are missing
     *     take their defaults
     */
    public static LossSpec read(JsonNode node) {
        return read(node, "loss", 0);
    }

    /** Who is to blame: the loss itself, or the parameter that holds it. */
    private static LossSpec read(JsonNode node, String who, int depth) {
        if (depth > DEEPEST) {
            throw new LossInputException(
                    "L4J-J06",
                    who,
                    "losses inside losses, more than " + DEEPEST + " deep",
                    "add them up in one weighted_sum");
        }
        object(who, node, FIELDS);
        JsonNode id = node.get("id");
        if (id == null || !id.isTextual()) {
            throw wrong(who, "id", id, "the id of a loss, such as \"softmax_cross_entropy\"");
        }
        LossType<?> type = LossCatalogue.type(id.textValue());
        JsonNode version = node.get("version");
        if (version != null && (!version.isInt() || version.intValue() < 1)) {
            throw wrong(type.id(), "version", version, "a whole number from 1");
        }
        if (version != null && version.intValue() > type.version()) {
            throw new LossInputException(
                    "L4J-J03",
                    type.id(),
                    "saved as version " + version.intValue() + ", but this program knows version " + type.version(),
                    "update the jar that provides it");
        }
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        JsonNode params = node.get("params");
        if (params != null) {
            object(type.id(), params, null);
            for (Iterator<Map.Entry<String, JsonNode>> it = params.fields(); it.hasNext(); ) {
                Map.Entry<String, JsonNode> entry = it.next();
                String name = entry.getKey();
                parameters.put(
                        name,
                        type.holdsLosses(name)
                                ? losses(type.id(), name, entry.getValue(), depth + 1)
                                : value(type.id(), name, entry.getValue()));
            }
        }
        return type.create(parameters);
    }

    /** A loss or a list of losses. */
    private static Object losses(String who, String name, JsonNode node, int depth) {
        if (node.isArray()) {
            List<LossSpec> losses = new ArrayList<>(node.size());
            for (JsonNode loss : node) {
                losses.add(read(loss, who + "." + name + "[" + losses.size() + "]", depth));
            }
            return losses;
        } else if (node.isObject()) {
            return read(node, who + "." + name, depth);
        }
        throw wrong(who, name, node, "a loss or a list of losses");
    }

    private static @Nullable Object value(String who, String name, JsonNode node) {
        if (node.isNull()) {
            return null;
        } else if (node.isNumber()) {
            return node.isInt() ? (Object) node.intValue() : (Object) node.doubleValue();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        } else if (node.isTextual()) {
            return node.textValue();
        } else if (node.isArray()) {
            List<Object> values = new ArrayList<>(node.size());
            for (JsonNode element : node) {
                if (!element.isNumber()) {
                    throw wrong(who, name, node, "a list of numbers");
                }
                values.add(element.doubleValue());
            }
            return values;
        }
        throw wrong(who, name, node, "a number, a word or a list of numbers");
    }

    /** Parses JSON text, which must be one object and nothing after it. */
    public static JsonNode parse(String text) {
        return parse("loss", text);
    }

    /** The same for what is no loss, but kept as JSON in the same way. */
    public static JsonNode parse(String who, String text) {
        if (longestRunOfDigits(text) > MOST_DIGITS) {
            throw new LossInputException(
                    "L4J-J01", who, "a number of more than " + MOST_DIGITS + " digits", "give what toJson() returned");
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new LossInputException(
                    "L4J-J01", who, "not JSON: " + e.getOriginalMessage(), "give what toJson() returned");
        }
    }

    private static int longestRunOfDigits(String text) {
        int longest = 0;
        for (int i = 0, run = 0; i < text.length(); i++) {
            run = text.charAt(i) >= '0' && text.charAt(i) <= '9' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    /** Checks that a node is an object with no other fields than the known ones (null: any). */
    public static void object(String who, @Nullable JsonNode node, @Nullable Set<String> known) {
        if (node == null || !node.isObject()) {
            throw wrong(who, "value", node, "an object");
        }
        for (Iterator<String> names = node.fieldNames(); known != null && names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new LossInputException(
                        "L4J-J04", who, "unknown field " + abbreviate(name), "it knows " + new TreeSet<>(known));
            }
        }
    }

    /** The error of a field that is missing or has the wrong type. */
    public static LossInputException wrong(String who, String field, @Nullable JsonNode found, String expected) {
        String shown = found == null
                ? "missing"
                : abbreviate(
                        found.isContainerNode()
                                ? "an " + found.getNodeType().name().toLowerCase(Locale.ROOT) // object or array
                                : found.toString());
        return new LossInputException(
                "L4J-J05", who, field + " is " + shown + ", expected " + expected, "correct " + field);
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
