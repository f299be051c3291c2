package io.loss4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A run as JSON with all its numbers, as Markdown, and as a chart. */
final class RunFiles {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Run run;

    RunFiles(Run run) {
        this.run = run;
    }

    /** Writes {@code name.json}, {@code name.md} and, if there is something to draw, {@code name.svg}. */
    List<Path> write(Path folder, String name) throws IOException {
        List<Path> written = new ArrayList<>();
        Files.createDirectories(folder);
        Path json = folder.resolve(name + ".json");
        Files.writeString(json, MAPPER.writeValueAsString(json()) + "\n");
        written.add(json);
        Optional<String> chart = SpeedChart.svg(run);
        if (chart.isPresent()) {
            Path svg = folder.resolve(name + ".svg");
            Files.writeString(svg, chart.get());
            written.add(svg);
        }
        Path markdown = folder.resolve(name + ".md");
        Files.writeString(markdown, markdown(name, chart.isPresent()));
        written.add(markdown);
        return written;
    }

    private ObjectNode json() {
        ObjectNode root = run.provenance().json();
        root.put("pytorch", run.pytorch());
        ObjectNode contenders = root.putObject("contenders");
        for (Contender contender : Contender.values()) {
            engine(contender)
                    .ifPresent(engine -> contenders
                            .putObject(contender.id)
                            .put("description", contender.description)
                            .put("engine", engine));
        }
        Effort effort = run.effort();
        root.putObject("effort")
                .put("threads", effort.threads())
                .put("repeats", effort.repeats())
                .put("rounds", effort.rounds())
                .put("milliseconds", effort.milliseconds())
                .put("warmup_milliseconds", effort.warmup())
                .put("patience_seconds", effort.patience().toSeconds());
        ArrayNode conditions = root.putArray("conditions");
        Run.CONDITIONS.forEach(conditions::add);
        root.put("unit", "microseconds per call");
        root.put("other_work", run.otherWork());
        ArrayNode cases = root.putArray("cases");
        run.comparisons().forEach(c -> cases.add(json(c)));
        ArrayNode bars = root.putArray("bars");
        for (Bar bar : run.bars()) {
            run.found(bar).ifPresent(found -> bars.add(json(bar, found)));
        }
        put(root, "wrong_results", run.wrong());
        put(root, "skipped", run.skipped());
        put(root, "failures", run.failures());
        return root;
    }

    private static void put(ObjectNode node, String name, List<String> lines) {
        ArrayNode array = node.putArray(name);
        lines.forEach(array::add);
    }

    /** What all processes of a contender say, if any has run. */
    private Optional<String> engine(Contender contender) {
        return run.measurements().stream()
                .filter(m -> m.entry.contender() == contender)
                .map(m -> m.engine)
                .findFirst();
    }

    private static ObjectNode json(Comparison comparison) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("case", comparison.workload.name());
        node.put("asked_for", comparison.wanted.toString());
        node.put("rows", comparison.workload.rows());
        node.put("columns", comparison.workload.columns());
        BuiltIn builtIn = BuiltIn.of(comparison.workload);
        if (builtIn != null) {
            node.put("built_in", builtIn.name());
        }
        ObjectNode times = node.putObject("times");
        ObjectNode ratios = node.putObject("ratios");
        for (Measurement m : comparison.measurements()) {
            Contender contender = m.entry.contender();
            ObjectNode time = json(m.times());
            ArrayNode rounds = time.putArray("rounds");
            for (double round : m.rounds()) {
                rounds.add(Double.parseDouble(String.format(Locale.ROOT, "%.5g", round)));
            }
            times.set(contender.id, time);
            if (contender != Contender.LOSS4J) {
                comparison
                        .ratio(contender, Contender.LOSS4J)
                        .ifPresent(ratio -> ratios.set(contender.id + ":loss4j", json(ratio)));
            }
        }
        return node;
    }

    private static ObjectNode json(Bar bar, Times found) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("case", bar.ours().workload().name());
        node.put("compared", bar.text());
        node.put("bar", bar.expected());
        node.set("found", json(found));
        return node.put("met", bar.isMet(found.median()));
    }

    private static ObjectNode json(Times times) {
        return MAPPER.createObjectNode()
                .put("median", times.median())
                .put("low", times.low())
                .put("high", times.high())
                .put("min", times.min())
                .put("max", times.max());
    }

    private String markdown(String name, boolean chart) {
        Effort effort = run.effort();
        StringBuilder text = new StringBuilder("# Losses on the CPU\n\n");
        text.append(run.provenance().markdown());
        text.append(String.format(
                Locale.ROOT,
                "PyTorch %s; %d threads; %d x %d rounds of %d ms. All numbers: [%s.json](%s.json).%n%n",
                run.pytorch(),
                effort.threads(),
                effort.repeats(),
                effort.rounds(),
                effort.milliseconds(),
                name,
                name));
        if (!run.caution().isEmpty()) {
            text.append(run.caution()).append("\n\n");
        }
        if (chart) {
            text.append("![Times as multiples of Loss4J's](").append(name).append(".svg)\n\n");
        }
        text.append(ResultTable.ratios(run).section("How many times longer than Loss4J"));
        text.append(ResultTable.bars(run).section("Bars"));
        text.append(ResultTable.times(run).section("Time per call"));
        text.append("## Contenders\n\n");
        for (Contender contender : Contender.values()) {
            engine(contender)
                    .ifPresent(engine -> text.append(String.format(
                            Locale.ROOT, "- `%s`: %s (%s)%n", contender.id, contender.description, engine)));
        }
        list(text, "Conditions", Run.CONDITIONS);
        list(text, "Wrong results, not timed", run.wrong());
        list(text, "Not on this machine", run.skipped());
        list(text, "Failures", run.failures());
        return text.toString();
    }

    private static void list(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("\n## ").append(title).append("\n\n");
            for (String line : lines) {
                text.append("- ").append(line.lines().findFirst().orElse("")).append("\n");
            }
        }
    }
}
