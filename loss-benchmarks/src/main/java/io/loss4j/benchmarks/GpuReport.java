package io.loss4j.benchmarks;

import io.loss4j.benchmarks.gpu.GpuCase;
import io.loss4j.benchmarks.gpu.GpuCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** From what the stages of {@code run.sh} have left to a page and its numbers: which bars a GPU meets. */
public final class GpuReport {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final String EAGER = "eager";
    private static final String COMPILE = "compile";
    private static final String TRITON = "triton";
    private static final List<String> PEERS = List.of(EAGER, COMPILE, TRITON);
    private static final double FASTER_THAN_EAGER = 3;
    private static final double FASTER_THAN_COMPILE = 1.15;
    private static final double AS_FAST_AS_TRITON = 1;
    private static final double AUTO = 1.1;

    private static final List<String> CONDITIONS = List.of(
            "Kernels are timed by events of the device right around them; before each, a copy of 1 GiB evicts the cache and"
                    + " keeps the device busy until the host has queued what is timed.",
            "Inputs are random, in sets of arrays used in turns, and drawn anew between rounds. Peers draw the same numbers:"
                    + " who has another checksum, or comes to another value, is not compared.",
            "Bandwidth counts the predictions, labels that are no indices, and the gradient, once each; the copy is one"
                    + " within the device, read and written.",
            "Times are medians; brackets hold what all but a tenth exceed and stay below. Ratios are of medians.",
            "PyTorch and torch.compile: forward and backward with the sum as the loss. The Triton kernels write the gradient"
                    + " over the predictions, which are restored outside the time.",
            "Errors are against the same loss on the CPU in DOUBLE, on the same inputs, with outputs full of NaN before the"
                    + " call: of the value, of the worst gradient relative to the largest of its row (of the array for"
                    + " elementwise losses), and of the gradient's norm.");

    private final GpuRaw raw;
    private final List<GpuCase> cases;
    private final Provenance provenance;
    private final List<GpuBar> bars = new ArrayList<>();

    GpuReport(GpuRaw raw, List<GpuCase> cases, Provenance provenance) {
        this.raw = raw;
        this.cases = cases;
        this.provenance = provenance;
        cases.forEach(this::addBars);
        addAuto();
    }

    /** The list of cases, the folder of the stages, the folder for results, the commit, and the command as typed. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        Provenance provenance = new Provenance(arguments[4], Instant.now(), arguments[3]);
        GpuReport report = new GpuReport(new GpuRaw(folder), GpuCases.read(Path.of(arguments[0])), provenance);
        for (Path file : report.write(folder, Path.of(arguments[2]))) {
            System.out.println("wrote " + file);
        }
    }

    /** Writes both files: to the folder of results, or, of a rehearsal, beside its raw numbers. */
    List<Path> write(Path rawFolder, Path results) throws IOException {
        Path folder = raw.isRehearsal() ? rawFolder : results;
        Files.createDirectories(folder);
        String name = name();
        Path json = folder.resolve(name + ".json");
        Path page = folder.resolve(name + ".md");
        Files.writeString(json, MAPPER.writeValueAsString(json()) + "\n");
        Files.writeString(page, markdown(name));
        return List.of(json, page);
    }

    /** Of the files, such as {@code gpu-h200}. */
    String name() {
        String device = raw.device()
                .replaceAll("(?i)nvidia|geforce", " ")
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        return (raw.isRehearsal() ? "rehearsal-" : "gpu-") + device;
    }

    List<GpuBar> bars() {
        return bars;
    }

    private void addBars(GpuCase c) {
        if (c.copyFraction().isPresent()) {
            bars.add(GpuBar.atLeast(
                    c.name() + ": share of the copy",
                    c.copyFraction().getAsDouble(),
                    number(copyShare(c)),
                    speedRemark(
                            raw.time.path("cases").path(c.name()).path("failed").asText())));
        }
        if (c.hasPeers() && c.callMicroseconds().isEmpty()) {
            addRatio(c, EAGER, FASTER_THAN_EAGER);
            addRatio(c, COMPILE, FASTER_THAN_COMPILE);
            addRatio(c, TRITON, AS_FAST_AS_TRITON);
        }
        double call = c.callMicroseconds().orElse(0);
        if (call > 0) {
            Optional<Double> found =
                    raw.isRehearsal() ? Optional.empty() : raw.call(c).map(Times::median);
            bars.add(GpuBar.atMost(c.name() + ": us per call", call, number(found), speedRemark("")));
        }
        if (c.errorBar().isPresent()) {
            bars.add(GpuBar.atMost(
                    c.name() + ": error against float64", c.errorBar().getAsDouble(), largestError(c), ""));
        }
        JsonNode checked = raw.checked(c);
        bars.add(GpuBar.atLeast(
                c.name() + ": runs with the same bits",
                checked.path("runs").asDouble(100),
                number(Optional.of(checked.path("runs_with_the_same_bits"))
                        .filter(JsonNode::isNumber)
                        .map(JsonNode::asDouble)),
                checked.path("failed").asText()));
    }

    private void addRatio(GpuCase c, String peer, double bar) {
        String doubt = raw.doubt(c, peer);
        if (peer.equals(TRITON) && doubt.equals("not timed") && raw.isTimedByPeers(c)) {
            return; // the comparison has no kernel for this one
        }
        bars.add(GpuBar.atLeast(
                c.name() + ": times faster than " + peer, bar, number(ratio(c, peer)), speedRemark(doubt)));
    }

    private String speedRemark(String otherwise) {
        return raw.isRehearsal() ? "a rehearsal" : otherwise;
    }

    private void addAuto() {
        OptionalDouble worst = OptionalDouble.empty();
        String where = speedRemark("");
        for (JsonNode point : raw.hosts.path("points")) {
            Optional<Double> ratio = autoRatio(point);
            if (!raw.isRehearsal() && ratio.isPresent() && (worst.isEmpty() || ratio.get() > worst.getAsDouble())) {
                worst = OptionalDouble.of(ratio.get());
                where = "the worst, at " + point.path("case").asText();
            }
        }
        bars.add(GpuBar.atMost("from host memory: auto, as a multiple of the faster backend", AUTO, worst, where));
    }

    private static Optional<Double> autoRatio(JsonNode point) {
        Optional<Times> cuda = GpuRaw.times(point.path("cuda"), 1);
        Optional<Times> cpu = GpuRaw.times(point.path("cpu"), 1);
        return cuda.isEmpty() || cpu.isEmpty()
                ? Optional.empty()
                : GpuRaw.times(point.path("auto"), 1)
                        .map(auto -> auto.median()
                                / Math.min(cuda.get().median(), cpu.get().median()));
    }

    private static OptionalDouble number(Optional<Double> number) {
        return number.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    /** Gigabytes per second; of a rehearsal, whose cases are cut short, nothing. */
    private Optional<Double> bandwidth(GpuCase c) {
        return raw.isRehearsal()
                ? Optional.empty()
                : raw.kernel(c).map(t -> c.workload().elements() * (double) c.bytesPerElement() / (t.median() * 1e3));
    }

    private Optional<Double> copyShare(GpuCase c) {
        return bandwidth(c).flatMap(b -> raw.copy().map(copy -> b / copy.median()));
    }

    private Optional<Double> ratio(GpuCase c, String peer) {
        return raw.isRehearsal()
                ? Optional.empty()
                : raw.peer(c, peer).flatMap(theirs -> raw.kernel(c).map(ours -> theirs.median() / ours.median()));
    }

    private OptionalDouble largestError(GpuCase c) {
        JsonNode checked = raw.checked(c);
        return checked.has("norm_error")
                ? OptionalDouble.of(Math.max(
                        number(checked, "value_error"),
                        Math.max(number(checked, "gradient_error"), number(checked, "norm_error"))))
                : OptionalDouble.empty();
    }

    /** JSON has no NaN but as text. */
    private static double number(JsonNode node, String field) {
        return node.path(field).asDouble(Double.NaN);
    }

    private ObjectNode json() {
        ObjectNode root = provenance.json();
        root.put("rehearsal", raw.isRehearsal());
        root.put("gpu", raw.device());
        ArrayNode list = root.putArray("bars");
        for (GpuBar bar : bars) {
            ObjectNode node = list.addObject();
            node.put("what", bar.what());
            node.put("bar", bar.expected());
            bar.found().ifPresent(found -> node.put("found", found));
            node.put("outcome", bar.outcome().name().toLowerCase(Locale.ROOT));
            if (!bar.remark().isEmpty()) {
                node.put("remark", bar.remark());
            }
        }
        ArrayNode checks = root.putArray("checks");
        for (String[] line : raw.checks) {
            ArrayNode cells = checks.addArray();
            for (String cell : line) {
                cells.add(cell);
            }
        }
        root.set("check", raw.check);
        root.set("time", raw.time);
        root.set("hosts", raw.hosts);
        root.set("peers", raw.peers);
        return root;
    }

    private String markdown(String name) {
        StringBuilder text = new StringBuilder();
        if (raw.isRehearsal()) {
            text.append("# Rehearsal, not a measurement\n\nOn ")
                    .append(raw.device())
                    .append(", with cases cut short: no number here says anything about a GPU.\n\n");
        } else {
            text.append("# Losses on ").append(raw.device()).append("\n\n");
        }
        text.append(provenance.markdown());
        text.append(String.format(
                Locale.ROOT,
                "%s, driver for CUDA %s; PyTorch %s, Triton %s; a copy within the device: %s GB/s. All numbers:"
                        + " [%s.json](%s.json).%n%n",
                raw.device(),
                raw.time.path("driver").asText("unknown"),
                raw.peers.path("torch").asText("not run"),
                raw.peers.path("triton").asText("not run"),
                raw.copy().map(Times::asRatio).orElse("not measured"),
                name,
                name));
        text.append(String.format(
                Locale.ROOT,
                "Of %d bars %d are met, %d missed, %d not measured.%n%n",
                bars.size(),
                count(GpuBar.Outcome.MET),
                count(GpuBar.Outcome.MISSED),
                count(GpuBar.Outcome.NOT_MEASURED)));
        text.append(barTable().section("Bars"));
        text.append(checkTable().section("Checks"));
        text.append(kernelTable().section("Kernels"));
        text.append(callTable().section("Calls, from the host to the result on the device"));
        text.append(hostTable().section("From arrays in host memory"));
        text.append(errorTable().section("Errors"));
        text.append("## Conditions\n\n");
        CONDITIONS.forEach(line -> text.append("- ").append(line).append("\n"));
        return text.toString();
    }

    private long count(GpuBar.Outcome outcome) {
        return bars.stream().filter(b -> b.outcome() == outcome).count();
    }

    private TextTable barTable() {
        TextTable table = new TextTable(1, List.of("what", "bar", "found", "met", "remark"));
        for (GpuBar bar : bars) {
            table.add(List.of(bar.what(), bar.expected(), bar.foundText(), bar.outcome().text, cell(bar.remark())));
        }
        return table;
    }

    private static String cell(String text) {
        String line = text.lines().findFirst().orElse("").replace('|', '/');
        return line.length() > 160 ? line.substring(0, 160) + " ..." : line;
    }

    private TextTable checkTable() {
        TextTable table = new TextTable(3, List.of("check", "outcome", "detail"));
        for (String[] line : raw.checks) {
            table.add(List.of(line[0], line.length > 1 ? line[1] : "", line.length > 2 ? cell(line[2]) : ""));
        }
        return table;
    }

    private TextTable kernelTable() {
        TextTable table =
                new TextTable(1, List.of("case", "kernels", "GB/s", "of a copy", ": eager", ": compile", ": Triton"));
        for (GpuCase c : cases) {
            Optional<Times> ours = raw.kernel(c);
            if (ours.isPresent()) {
                List<String> row = new ArrayList<>(List.of(
                        c.name(),
                        ours.get().asTime(),
                        digits(bandwidth(c)),
                        copyShare(c)
                                .map(share -> String.format(Locale.ROOT, "%.2f", share))
                                .orElse("")));
                PEERS.forEach(peer -> row.add(digits(ratio(c, peer))));
                table.add(row);
            }
        }
        return table;
    }

    private static String digits(Optional<Double> number) {
        return number.map(Times::digits).orElse("");
    }

    private TextTable callTable() {
        TextTable table = new TextTable(1, List.of("case", "Loss4J", "eager", "compile", "Triton"));
        for (GpuCase c : cases) {
            Optional<Times> ours = raw.call(c);
            if (ours.isPresent()) {
                List<String> row = new ArrayList<>(List.of(c.name(), ours.get().asTime()));
                PEERS.forEach(
                        peer -> row.add(raw.peerCall(c, peer).map(Times::asTime).orElse("")));
                table.add(row);
            }
        }
        return table;
    }

    private TextTable hostTable() {
        TextTable table =
                new TextTable(1, List.of("case", "elements", "cuda", "cpu", "auto", "auto takes", "auto : faster"));
        for (JsonNode point : raw.hosts.path("points")) {
            List<String> row = new ArrayList<>(List.of(
                    point.path("case").asText(),
                    String.format(Locale.ROOT, "%,d", point.path("elements").asLong())));
            for (String contender : List.of("cuda", "cpu", "auto")) {
                row.add(GpuRaw.times(point.path(contender), 1)
                        .map(Times::asTime)
                        .orElse(""));
            }
            row.add(point.path("chosen").asText());
            row.add(digits(autoRatio(point)));
            table.add(row);
        }
        return table;
    }

    private TextTable errorTable() {
        TextTable table = new TextTable(
                1, List.of("case", "value", "gradient", "norm of the gradient", "runs with the same bits"));
        for (GpuCase c : cases) {
            JsonNode checked = raw.checked(c);
            if (checked.has("norm_error")) {
                table.add(List.of(
                        c.name() + (checked.path("right").asBoolean() ? "" : " **wrong**"),
                        error(c.wanted().hasValue(), number(checked, "value_error")),
                        error(c.wanted().hasGradient(), number(checked, "gradient_error")),
                        error(c.wanted().hasGradient(), number(checked, "norm_error")),
                        checked.path("runs_with_the_same_bits").asText() + " of "
                                + checked.path("runs").asText()));
            } else if (checked.has("failed")) {
                table.add(
                        List.of(c.name(), "failed", cell(checked.path("failed").asText()), "", ""));
            }
        }
        return table;
    }

    private static String error(boolean wanted, double error) {
        return wanted ? String.format(Locale.ROOT, "%.1e", error) : "";
    }
}
