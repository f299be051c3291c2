package io.loss4j.benchmarks;

import io.loss4j.benchmarks.gpu.GpuCase;
import io.loss4j.benchmarks.timing.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** What the stages of {@code loss-benchmarks/gpu/run.sh} have left in a folder; what is missing was not done. */
final class GpuRaw {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** How far the value of a peer may be off before its time counts for nothing: sums in the type of the predictions. */
    private static final double SAME_IN_FLOAT = 1e-3;

    private static final double SAME_IN_BFLOAT16 = 3e-2;

    /** Stages in the order in which they run. */
    static final List<String> STAGES = List.of("check", "time", "hosts", "peers");

    final JsonNode check;
    final JsonNode time;
    final JsonNode hosts;
    final JsonNode peers;
    /** Name, outcome and detail of everything that run.sh checks from outside. */
    final List<String[]> checks = new ArrayList<>();

    GpuRaw(Path folder) throws IOException {
        check = read(folder, STAGES.get(0));
        time = read(folder, STAGES.get(1));
        hosts = read(folder, STAGES.get(2));
        peers = read(folder, STAGES.get(3));
        Path table = folder.resolve("checks.tsv");
        if (Files.exists(table)) {
            for (String line : Files.readAllLines(table)) {
                checks.add(line.split("\t", 3));
            }
        }
    }

    private static JsonNode read(Path folder, String stage) throws IOException {
        Path file = folder.resolve(stage + ".json");
        return Files.exists(file) ? MAPPER.readTree(Files.readString(file)) : MAPPER.createObjectNode();
    }

    private List<JsonNode> ours() {
        return List.of(check, time, hosts);
    }

    /** The GPU, by whoever ran. */
    String device() {
        return ours().stream()
                .map(stage -> stage.path("device").asText())
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("unknown GPU");
    }

    /** Whether the numbers mean nothing: no GPU, or cases that were cut short. */
    boolean isRehearsal() {
        return ours().stream()
                .anyMatch(stage -> stage.path("emulated").asBoolean()
                        || stage.path("elements").asLong() > 0);
    }

    /** Microseconds of the kernels of a case. */
    Optional<Times> kernel(GpuCase of) {
        return times(time.path("cases").path(of.name()).path("kernel_milliseconds"), 1000);
    }

    /** Microseconds of a call on a case. */
    Optional<Times> call(GpuCase of) {
        return times(time.path("cases").path(of.name()).path("call_microseconds"), 1);
    }

    /** Gigabytes per second of a copy. */
    Optional<Times> copy() {
        return times(time.path("copy_gigabytes_per_second"), 1);
    }

    JsonNode checked(GpuCase of) {
        return check.path("cases").path(of.name());
    }

    /** Microseconds of a peer, if it has the same inputs and comes to the same value. */
    Optional<Times> peer(GpuCase of, String name) {
        return doubt(of, name).isEmpty() ? times(peerNode(of, name).path("milliseconds"), 1000) : Optional.empty();
    }

    /** Microseconds of a call of a peer, under the same condition. */
    Optional<Times> peerCall(GpuCase of, String name) {
        return doubt(of, name).isEmpty() ? times(peerNode(of, name).path("call_microseconds"), 1) : Optional.empty();
    }

    private JsonNode peerNode(GpuCase of, String name) {
        return peers.path("cases").path(of.name()).path(name);
    }

    /** Whether the peers have come to a case. */
    boolean isTimedByPeers(GpuCase of) {
        return peers.path("cases").has(of.name());
    }

    /** Why the times of a peer do not count; empty if they do. */
    String doubt(GpuCase of, String name) {
        JsonNode peer = peerNode(of, name);
        if (peer.isMissingNode()) {
            return "not timed";
        } else if (peer.has("failed")) {
            return peer.path("failed").asText();
        }
        JsonNode sum = peers.path("cases").path(of.name()).path("checksum");
        JsonNode checked = checked(of);
        if (!sum.asText().equals(checked.path("checksum").asText())) {
            return "its inputs differ: checksum " + sum.asText() + " for "
                    + checked.path("checksum").asText();
        }
        double expected = checked.path("value").asDouble(Double.NaN);
        double found = peer.path("value").asDouble(Double.NaN);
        double tolerance = of.workload().precision() == Precision.FLOAT ? SAME_IN_FLOAT : SAME_IN_BFLOAT16;
        return Math.abs(found - expected) <= tolerance * Math.abs(expected)
                ? ""
                : "its value is " + found + " for " + expected;
    }

    /** Samples in a unit; empty if there are none. */
    static Optional<Times> times(JsonNode samples, double unit) {
        double[] all = StreamSupport.stream(samples.spliterator(), false)
                .mapToDouble(s -> s.asDouble() * unit)
                .toArray();
        return all.length == 0 ? Optional.empty() : Optional.of(new Times(all));
    }
}
