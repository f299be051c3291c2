package io.loss4j.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/** A run as JSON, with everything that JMH says, and as Markdown. */
final class RunFiles {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Run run;

    RunFiles(Run run) {
        this.run = run;
    }

    /** Writes {@code name.json} and {@code name.md}. */
    List<Path> write(Path folder, String name) throws IOException {
        Path json = folder.resolve(name + ".json");
        Path markdown = folder.resolve(name + ".md");
        Files.createDirectories(folder);
        Files.writeString(json, MAPPER.writeValueAsString(json()) + "\n");
        Files.writeString(markdown, markdown(json.getFileName().toString()));
        return List.of(json, markdown);
    }

    private String date() {
        return DateTimeFormatter.ISO_INSTANT
                .withZone(ZoneOffset.UTC)
                .format(run.started().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    }

    private ObjectNode json() throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("command", run.command());
        root.put("date", date());
        root.put("commit", run.commit());
        root.set("machine", MAPPER.valueToTree(Machine.describe()));
        root.set("jdk", MAPPER.valueToTree(Machine.jdk()));
        ObjectNode nd4j = root.putObject("nd4j").put("version", Machine.nd4j());
        ObjectNode engines = root.putObject("contenders");
        for (Contender contender : Contender.values()) {
            run.measurements().stream()
                    .filter(m -> m.entry.contender() == contender)
                    .findFirst()
                    .ifPresent(m -> engines.putObject(contender.id)
                            .put("description", contender.description)
                            .put("natives", natives(contender))
                            .put("engine", m.engine));
        }
        nd4j.put("natives", natives(Contender.DL4J));
        Effort effort = run.effort();
        root.putObject("effort")
                .put("threads", effort.threads())
                .put("rounds", effort.rounds())
                .put("warmups", effort.warmups())
                .put("iterations", effort.iterations())
                .put("milliseconds", effort.milliseconds())
                .put("patience_seconds", effort.patience().toSeconds());
        ArrayNode conditions = root.putArray("conditions");
        Run.CONDITIONS.forEach(conditions::add);
        root.put("unit", "microseconds per call");
        root.put("other_work", run.otherWork());
        ArrayNode cases = root.putArray("cases");
        run.comparisons().forEach(c -> cases.add(json(c)));
        ArrayNode failures = root.putArray("failures");
        run.failures().forEach(failures::add);
        root.set("jmh", jmh());
        return root;
    }

    private static String natives(Contender contender) {
        return Natives.classifier(System.getProperty("java.class.path"), contender);
    }

    private static ObjectNode json(Comparison comparison) {
        ObjectNode node = MAPPER.createObjectNode();
        Workload workload = comparison.workload;
        node.put("case", workload.name());
        node.put("asked_for", comparison.wanted.toString());
        node.put("rows", workload.rows()).put("columns", workload.columns());
        if (workload.builtIn() != null) {
            node.put("built_in", workload.builtIn().name());
        }
        ObjectNode times = node.putObject("times");
        for (Measurement m : comparison.measurements()) {
            ObjectNode time = json(m.times());
            ArrayNode rounds = time.putArray("rounds");
            for (int round : m.rounds()) {
                ArrayNode samples = rounds.addArray();
                Arrays.stream(m.round(round).sorted()).forEach(samples::add);
            }
            ArrayNode otherWork = time.putArray("other_work");
            for (int round : m.rounds()) {
                otherWork.add(m.otherWork(round));
            }
            times.set(m.entry.contender().id, time);
        }
        ObjectNode ratios = node.putObject("ratios");
        for (Contender contender : Contender.values()) {
            if (contender != Contender.LOSS4J) {
                put(ratios, contender.id + ":loss4j", comparison.ratio(contender, Contender.LOSS4J));
            }
        }
        if (workload.bar() > 0) {
            node.put("bar", workload.bar());
        }
        return node;
    }

    private static void put(ObjectNode node, String name, @Nullable Times ratio) {
        if (ratio != null) {
            node.set(name, json(ratio));
        }
    }

    private static ObjectNode json(Times times) {
        return MAPPER.createObjectNode()
                .put("median", times.median())
                .put("min", times.min())
                .put("max", times.max());
    }

    /** JMH's own format, without the paths of this machine. */
    private JsonNode jmh() throws IOException {
        List<RunResult> results =
                run.measurements().stream().map(Measurement::result).toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
        }
        JsonNode parsed = MAPPER.readTree(bytes.toString(StandardCharsets.UTF_8));
        for (JsonNode result : parsed) {
            ObjectNode object = (ObjectNode) result;
            object.remove("jvm");
            ArrayNode options = MAPPER.createArrayNode();
            for (JsonNode option : object.path("jvmArgs")) {
                if (!option.asText().startsWith("-D" + TimedProcess.REPORT)) {
                    options.add(option);
                }
            }
            object.set("jvmArgs", options);
        }
        return parsed;
    }

    private String markdown(String jsonName) {
        StringBuilder text = new StringBuilder();
        Map<String, Object> machine = Machine.describe();
        text.append("# Losses on the CPU\n\n")
                .append("`")
                .append(run.command())
                .append("`, ")
                .append(date())
                .append(", commit ")
                .append(run.commit())
                .append(".\n\n")
                .append(machine.get("cpu"))
                .append(", ")
                .append(machine.get("cores"))
                .append(" cores, ")
                .append(machine.get("os"))
                .append("; JDK ")
                .append(System.getProperty("java.version"))
                .append("; ND4J ")
                .append(Machine.nd4j())
                .append(" with natives ")
                .append(natives(Contender.DL4J))
                .append("; ")
                .append(run.effort().threads())
                .append(" threads; ")
                .append(run.effort().rounds())
                .append(" rounds of ")
                .append(run.effort().iterations())
                .append(" iterations of ")
                .append(run.effort().milliseconds())
                .append(" ms. All numbers: [")
                .append(jsonName)
                .append("](")
                .append(jsonName)
                .append(").\n\n")
                .append(run.caution().isEmpty() ? "" : run.caution() + "\n\n")
                .append(new ResultTable(run).markdown())
                .append("\nContenders:\n\n");
        for (Contender contender : Contender.values()) {
            run.measurements().stream()
                    .filter(m -> m.entry.contender() == contender)
                    .findFirst()
                    .ifPresent(m -> text.append("- `")
                            .append(contender.id)
                            .append("`: ")
                            .append(contender.description)
                            .append(" (")
                            .append(m.engine)
                            .append(")\n"));
        }
        text.append("\nConditions:\n\n");
        Run.CONDITIONS.forEach(c -> text.append("- ").append(c).append("\n"));
        if (!run.failures().isEmpty()) {
            text.append("\nNot timed:\n\n");
            run.failures()
                    .forEach(f -> text.append("- ")
                            .append(f.lines().findFirst().orElse(""))
                            .append("\n"));
        }
        return text.toString();
    }
}
