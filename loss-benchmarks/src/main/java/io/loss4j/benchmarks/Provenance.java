package io.loss4j.benchmarks;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Where numbers come from.
 *
 * @param command as typed
 * @param started when
 * @param commit of the checkout
 */
record Provenance(String command, Instant started, String commit) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Now. */
    static Provenance of(Iterable<String> typed, Path checkout) {
        return new Provenance(
                ("./benchmark " + String.join(" ", typed)).strip(), Instant.now(), Machine.commit(checkout));
    }

    private String date() {
        return DateTimeFormatter.ISO_INSTANT.withZone(ZoneOffset.UTC).format(started.truncatedTo(ChronoUnit.SECONDS));
    }

    /** The first fields of a file. */
    ObjectNode json() {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("command", command);
        root.put("date", date());
        root.put("commit", commit);
        root.set("machine", MAPPER.valueToTree(Machine.describe()));
        root.set("jdk", MAPPER.valueToTree(Machine.jdk()));
        root.putObject("nd4j").put("version", Machine.nd4j());
        return root;
    }

    /** The first lines of a page. */
    String markdown() {
        Map<String, Object> machine = Machine.describe();
        return "`" + command + "`, " + date() + ", commit " + commit + ".\n\n"
                + machine.get("cpu") + ", " + machine.get("cores") + " cores, " + machine.get("memoryGiB") + " GiB, "
                + machine.get("os") + "; JDK " + System.getProperty("java.version") + "; ND4J " + Machine.nd4j()
                + ".\n\n";
    }
}
