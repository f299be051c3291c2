package io.loss4j.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * All golden cases of a folder: every {@code *.json} that is an array of cases with the fields of {@code torch.json}, or of
 * {@code literal.json}, whose vocabulary {@link PeerLosses} translates.
 *
 * @param cases the cases
 * @param notes files and entries that are no golden cases, with the reason
 */
record GoldenCases(List<GoldenCase> cases, List<String> notes) {
    private static final String GOLDEN = "loss4j.golden";
    private static final String SHARED = "loss4j.shared";

    /** What a mask of rows or elements may be called. */
    private static final Set<String> MASKS = Set.of("mask", "sample_weights", "sample_weight");

    /** The folder in force: {@code -Dloss4j.golden}, else {@code golden} in {@code -Dloss4j.shared}; null without both. */
    static @Nullable Path folder() {
        String golden = System.getProperty(GOLDEN);
        if (golden != null && !golden.isBlank()) {
            return Path.of(golden);
        }
        String shared = System.getProperty(SHARED);
        Path beside = shared == null || shared.isBlank() ? Path.of("..", "shared") : Path.of(shared);
        Path folder = beside.resolve("golden");
        return Files.isDirectory(folder) ? folder : null;
    }

    static GoldenCases read(Path folder) {
        GoldenCases all = new GoldenCases(new ArrayList<>(), new ArrayList<>());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                all.add(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read golden cases from " + folder, e);
        }
        return all;
    }

    private void add(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new IOException(name + " is not JSON: " + e.getMessage(), e);
        }
        if (!root.isArray()) {
            notes.add(name + " is not an array of cases");
            return;
        }
        int at = 0;
        for (JsonNode node : root) {
            String where = name + "[" + at++ + "]";
            if (node.path("inputs").isObject()
                    && node.path("expected").has("loss")
                    && node.path("loss").isTextual()
                    && node.path("reduction").isTextual()) {
                addTorch(where, node);
            } else if (node.path("loss").isTextual()
                    && node.path("inputs").isObject()
                    && node.path("expected").isObject()
                    && node.path("tolerance").isObject()) {
                addPeer(where, node);
            } else {
                notes.add(where + " is not a golden case");
            }
        }
    }

    private void addTorch(String where, JsonNode node) {
        Grid labels = null;
        Grid mask = null;
        Grid predictions = null;
        String form = "";
        for (Iterator<Map.Entry<String, JsonNode>> it = node.path("inputs").fields(); it.hasNext(); ) {
            Map.Entry<String, JsonNode> input = it.next();
            if (input.getKey().equals("labels")) {
                labels = numbers(where, input.getValue());
            } else if (MASKS.contains(input.getKey())) {
                mask = numbers(where, input.getValue());
            } else if (predictions == null) {
                predictions = numbers(where, input.getValue());
                form = input.getKey();
            } else {
                throw new IllegalArgumentException(
                        where + " has the inputs " + form + " and " + input.getKey() + ", expected one prediction");
            }
        }
        if (predictions == null || labels == null) {
            throw new IllegalArgumentException(where + " lacks predictions or labels");
        }
        JsonNode expected = node.path("expected");
        cases.add(new TorchCase(
                node.path("id").asText(where),
                node.path("loss").textValue(),
                options(where, node.path("options")),
                node.path("reduction").textValue(),
                form,
                predictions,
                labels,
                mask,
                numbers(where, expected.get("loss")),
                expected.has("gradient") ? numbers(where, expected.get("gradient")) : null));
    }

    private void addPeer(String where, JsonNode node) {
        JsonNode tolerance = node.path("tolerance");
        cases.add(new PeerCase(
                node.path("id").asText(where),
                node.path("loss").textValue(),
                options(where, node.path("options")),
                grids(where, node.path("inputs")),
                grids(where, node.path("expected")),
                tolerance.path("rtol").doubleValue(),
                tolerance.path("atol").doubleValue()));
    }

    private static Map<String, Grid> grids(String where, JsonNode node) {
        Map<String, Grid> grids = new LinkedHashMap<>();
        node.fields().forEachRemaining(entry -> grids.put(entry.getKey(), numbers(where, entry.getValue())));
        return grids;
    }

    private static Map<String, Object> options(String where, JsonNode node) {
        Map<String, Object> options = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> it = node.fields(); it.hasNext(); ) {
            Map.Entry<String, JsonNode> option = it.next();
            JsonNode value = option.getValue();
            if (value.isArray()) {
                options.put(option.getKey(), list(where, value));
            } else if (value.isBoolean()) {
                options.put(option.getKey(), value.booleanValue());
            } else if (value.isInt()) {
                options.put(option.getKey(), value.intValue());
            } else if (value.isNumber()) {
                options.put(option.getKey(), value.doubleValue());
            } else if (value.isTextual()) {
                options.put(option.getKey(), value.textValue());
            } else if (!value.isNull()) { // null: not used
                throw new IllegalArgumentException(where + ": option " + option.getKey() + " is " + value);
            }
        }
        return options;
    }

    /** A list of numbers, or of such lists. */
    private static List<Object> list(String where, JsonNode node) {
        List<Object> list = new ArrayList<>();
        node.forEach(v -> list.add(v.isArray() ? list(where, v) : number(where, v)));
        return list;
    }

    /** An object with shape and data, a list of numbers, or one number. */
    private static Grid numbers(String where, JsonNode node) {
        JsonNode data = node.isObject() ? node.path("data") : node;
        List<Double> values = new ArrayList<>();
        if (data.isArray()) {
            data.forEach(v -> values.add(number(where, v)));
        } else {
            values.add(number(where, data));
        }
        List<Integer> shape = new ArrayList<>();
        if (node.isObject()) {
            node.path("shape").forEach(size -> shape.add(size.intValue()));
        } else if (data.isArray()) {
            shape.add(values.size());
        }
        boolean whole = node.path("dtype").asText("").startsWith("int");
        return new Grid(
                shape.stream().mapToInt(Integer::intValue).toArray(),
                whole,
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double number(String where, JsonNode node) {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return switch (node.asText("")) {
            case "nan", "NaN" -> Double.NaN;
            case "inf", "Infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new IllegalArgumentException(where + ": " + node + " is not a number");
        };
    }
}
