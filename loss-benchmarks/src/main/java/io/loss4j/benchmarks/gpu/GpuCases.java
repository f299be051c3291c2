package io.loss4j.benchmarks.gpu;

import io.loss4j.benchmarks.timing.Precision;
import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The list {@code loss-benchmarks/gpu/cases.json}, which the peers in Python read too. */
public final class GpuCases {
    private static final Set<String> FIELDS =
            Set.of("workload", "types", "asked_for", "weighted", "copy_fraction", "call_microseconds");

    private GpuCases() {}

    /**
     * All cases, in the order of the file.
     *
     * @throws IllegalArgumentException if an entry says something that nobody knows, or the same case twice
     */
    public static List<GpuCase> read(Path file) throws IOException {
        JsonNode root = new ObjectMapper().readTree(Files.readString(file));
        JsonNode weighted = root.path("weighted");
        GpuCase.Extras extras = new GpuCase.Extras(
                weighted.path("smoothing").asDouble(),
                weighted.path("ignored").asLong(),
                weighted.path("ignored_of_1024").asInt());
        Set<Precision> peers = new HashSet<>();
        for (String type : texts(root, "peer_types", "float")) {
            peers.add(precision(type));
        }
        List<GpuCase> cases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode entry : root.path("cases")) {
            for (GpuCase one : expand(entry, extras, peers)) {
                if (!names.add(one.name())) {
                    throw new IllegalArgumentException(file + " has " + one.name() + " twice");
                }
                cases.add(one);
            }
        }
        return cases;
    }

    private static List<GpuCase> expand(JsonNode entry, GpuCase.Extras extras, Set<Precision> peers) {
        entry.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("'" + field + "' in " + entry + " is none of " + FIELDS);
            }
        });
        List<GpuCase> cases = new ArrayList<>();
        for (String type : texts(entry, "types", "float")) {
            for (String asked : texts(entry, "asked_for", Wanted.VALUE_AND_GRADIENT.toString())) {
                Precision precision = precision(type);
                Wanted wanted = Wanted.named(asked);
                boolean hasPeers = wanted == Wanted.VALUE_AND_GRADIENT && peers.contains(precision);
                cases.add(new GpuCase(
                        Workload.named(entry.path("workload").asText()).in(precision),
                        wanted,
                        entry.path("weighted").asBoolean() ? Optional.of(extras) : Optional.empty(),
                        hasPeers ? number(entry, "copy_fraction") : OptionalDouble.empty(),
                        number(entry, "call_microseconds"),
                        hasPeers));
            }
        }
        return cases;
    }

    private static Precision precision(String type) {
        return Precision.valueOf(type.toUpperCase(Locale.ROOT));
    }

    private static List<String> texts(JsonNode node, String field, String otherwise) {
        List<String> texts = new ArrayList<>();
        node.path(field).forEach(text -> texts.add(text.asText()));
        return texts.isEmpty() ? List.of(otherwise) : texts;
    }

    private static OptionalDouble number(JsonNode node, String field) {
        return node.has(field) ? OptionalDouble.of(node.path(field).asDouble()) : OptionalDouble.empty();
    }
}
