package io.loss4j.benchmarks;

import io.loss4j.benchmarks.timing.Wanted;
import io.loss4j.benchmarks.timing.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ./benchmark}. Exit codes: 0 done, 1 something could not be timed, 2 wrong arguments. */
@Command(
        name = "benchmark",
        description = {
            "Times losses: Loss4J, Deeplearning4j's own, PyTorch's and a mere copy of the memory, in turns.",
            "",
            "Takes about 30 minutes, with --quick about 3. Prints tables and writes them with all numbers and a chart to"
                    + " docs/benchmarks. Let the machine rest meanwhile. What is measured otherwise: --scaling,"
                    + " --accuracy, --networks. For a close look at one case with JMH and its profilers: benchmark jmh ..."
        },
        usageHelpWidth = 100,
        sortOptions = false)
public final class Main implements Callable<Integer> {
    /** The folder of the project; the launcher sets it. */
    private static final String CHECKOUT = "loss4j.checkout";

    private static final int MOST = 1_000_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--quick", description = "Only workloads with a bar, fewer contenders, fewer and shorter turns.")
    private boolean quick;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "Everything once, with as many turns as fit into so many minutes, but at least three.")
    private @Nullable Integer minutes;

    @Option(names = "--scaling", description = "Time by the number of elements, and arrays beyond 2^31 (10 minutes).")
    private boolean scaling;

    @Option(names = "--accuracy", description = "Errors of every kernel in ulp (2 minutes).")
    private boolean accuracy;

    @Option(names = "--networks", description = "Share of the loss in the training of whole networks (3 minutes).")
    private boolean networks;

    @Option(
            names = "--cases",
            paramLabel = "TEXT",
            split = ",",
            description = "Only workloads whose names contain one of these, such as softmax or 4096x1000, or any other"
                    + " workload by its full name, such as huber/1000x7/double/f.")
    private List<String> cases = List.of();

    @Option(
            names = "--contenders",
            paramLabel = "NAME",
            split = ",",
            converter = ContenderName.class,
            description = "Only these; --list names all.")
    private List<Contender> contenders = List.of();

    @Option(
            names = "--ask-for",
            paramLabel = "WHAT",
            split = ",",
            converter = WantedName.class,
            description = "Only value+gradient, value or gradient.")
    private List<Wanted> wanted = List.of();

    @Option(names = "--repeats", paramLabel = "N", description = "How often everything is done, in new processes.")
    private @Nullable Integer repeats;

    @Option(names = "--rounds", paramLabel = "N", description = "Turns of every process.")
    private @Nullable Integer rounds;

    @Option(names = "--milliseconds", paramLabel = "N", description = "Length of a turn.")
    private @Nullable Integer milliseconds;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that may work on one call; by default 2.")
    private int threads = 2;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "Wait so long before every group for a busy machine to come to rest; by default 0.")
    private int patience;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description = "Where to write the results; by default docs/benchmarks of the project.")
    private @Nullable Path output;

    @Option(names = "--list", description = "Print the workloads and the contenders, and do nothing.")
    private boolean list;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    private boolean help;

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("jmh")) {
            org.openjdk.jmh.Main.main(JmhOptions.with(Arrays.copyOfRange(arguments, 1, arguments.length)));
            return;
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setParameterExceptionHandler((e, arguments) -> {
            e.getCommandLine().getErr().println("benchmark: " + e.getMessage());
            e.getCommandLine().getErr().println("See ./benchmark --help.");
            return CommandLine.ExitCode.USAGE;
        });
    }

    static final class ContenderName implements ITypeConverter<Contender> {
        @Override
        public Contender convert(String text) {
            try {
                return Contender.named(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        e.getMessage() + "; there are " + Arrays.toString(Contender.values()));
            }
        }
    }

    static final class WantedName implements ITypeConverter<Wanted> {
        @Override
        public Wanted convert(String text) {
            try {
                return Wanted.named(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec, "picocli sets it").commandLine();
        PrintWriter out = command.getOut();
        List<Group> plan = chosen(command);
        if (list) {
            list(plan, out);
            return 0;
        }
        Path checkout = Path.of(System.getProperty(CHECKOUT, "."));
        Path folder = output != null ? output : checkout.resolve("docs").resolve("benchmarks");
        Provenance provenance = Provenance.of(command.getParseResult().originalArgs(), checkout);
        ContenderJvm jvm = new ContenderJvm(checkout);
        if (!scaling && !accuracy && !networks) {
            return speed(plan, command, jvm, provenance, folder);
        }
        boolean right = true;
        if (scaling) {
            right = new ScalingReport(jvm, provenance, threads, out).write(folder);
        }
        if (accuracy) {
            new AccuracyReport(jvm, provenance, out).write(folder);
        }
        if (networks) {
            new NetworkReport(jvm, provenance, threads, out).write(folder);
        }
        return right ? 0 : 1;
    }

    private int speed(List<Group> plan, CommandLine command, ContenderJvm jvm, Provenance provenance, Path folder)
            throws IOException, InterruptedException {
        PrintWriter out = command.getOut();
        Map<Contender, String> obstacles = obstacles(plan, jvm);
        List<Group> groups = without(obstacles, plan);
        List<String> skipped = obstacles.entrySet().stream()
                .map(o -> o.getKey() + ": " + o.getValue())
                .toList();
        skipped.forEach(s -> out.println("skipped " + s));
        int entries = groups.stream().mapToInt(g -> g.entries().size()).sum();
        if (entries == 0) {
            return skipped.isEmpty() ? 0 : 1;
        }
        Effort effort = effort(command, entries);
        Duration estimate = effort.estimate(entries);
        out.printf(
                "%d processes, about %d:%02d minutes%n",
                entries * effort.repeats(), estimate.toMinutes(), estimate.toSecondsPart());
        Session session = new Session(jvm, effort, out);
        session.run(groups);
        Run run = new Run(
                provenance,
                effort,
                jvm.pytorchVersion().orElse("none"),
                session.measurements(),
                groups.stream().flatMap(g -> g.bars().stream()).toList(),
                session.wrong(),
                skipped,
                session.failures(),
                session.otherWork());
        if (!run.measurements().isEmpty()) {
            report(run, out, folder);
        }
        run.wrong().forEach(w -> out.println("wrong result, not timed: " + w));
        run.failures().forEach(f -> out.println("not timed: " + f));
        out.flush();
        return run.failures().isEmpty() ? 0 : 1;
    }

    private void report(Run run, PrintWriter out, Path folder) throws IOException {
        out.println();
        out.println("How many times longer than Loss4J:");
        out.println(ResultTable.ratios(run).ascii());
        if (!ResultTable.bars(run).isEmpty()) {
            out.println(ResultTable.bars(run).ascii());
        }
        if (!run.caution().isEmpty()) {
            out.println(run.caution());
        }
        String name = "cpu-" + Runtime.version().feature() + (isPartial() ? "-partial" : quick ? "-quick" : "");
        for (Path file : new RunFiles(run).write(folder, name)) {
            out.println("wrote " + file);
        }
    }

    private static Map<Contender, String> obstacles(List<Group> plan, ContenderJvm jvm) {
        Map<Contender, String> obstacles = new LinkedHashMap<>();
        plan.stream()
                .flatMap(g -> g.entries().stream())
                .map(Entry::contender)
                .distinct()
                .forEach(c -> jvm.obstacle(c).ifPresent(o -> obstacles.put(c, o)));
        return obstacles;
    }

    private static List<Group> without(Map<Contender, String> obstacles, List<Group> plan) {
        return plan.stream()
                .map(g -> g.only(e -> !obstacles.containsKey(e.contender())))
                .filter(g -> !g.entries().isEmpty())
                .toList();
    }

    private static void list(List<Group> plan, PrintWriter out) {
        out.println("Workloads:");
        plan.stream()
                .flatMap(g -> g.entries().stream())
                .map(Entry::workload)
                .distinct()
                .forEach(w -> out.printf(
                        "  %-45s Deeplearning4j has %s%n",
                        w.name(),
                        Optional.ofNullable(BuiltIn.of(w)).map(BuiltIn::name).orElse("nothing")));
        out.println("Contenders:");
        for (Contender c : Contender.values()) {
            out.printf("  %-16s %s%n", c.id, c.description);
        }
        out.flush();
    }

    private Effort effort(CommandLine command, int entries) {
        Effort effort = new Effort(
                positive(command, "--repeats", repeats, quick || minutes != null ? 1 : 2),
                positive(command, "--rounds", rounds, quick ? 5 : 16),
                positive(command, "--milliseconds", milliseconds, quick ? 40 : 80),
                quick ? 500 : 800,
                positive(command, "--threads", threads, 2),
                Duration.ofSeconds(patience));
        return minutes == null
                ? effort
                : effort.within(Duration.ofMinutes(positive(command, "--minutes", minutes, 1)), entries);
    }

    private static int positive(CommandLine command, String option, @Nullable Integer value, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < 1 || value > MOST) {
            throw new ParameterException(command, option + " is " + value + ", expected a number from 1 to " + MOST);
        }
        return value;
    }

    /** A look at some of it must not replace the files of a whole run. */
    private boolean isPartial() {
        return !cases.isEmpty() || !wanted.isEmpty() || !contenders.isEmpty();
    }

    private List<Group> chosen(CommandLine command) {
        List<Group> plan = new ArrayList<>(Plan.of(quick));
        for (String text : cases) {
            if (plan.stream().noneMatch(g -> g.entries().stream().anyMatch(e -> isOf(e, text)))) {
                plan.add(other(text, plan, command));
            }
        }
        List<Group> chosen = plan.stream()
                .map(g -> g.only(e -> (cases.isEmpty() || cases.stream().anyMatch(c -> isOf(e, c)))
                        && (contenders.isEmpty() || contenders.contains(e.contender()))
                        && (wanted.isEmpty() || wanted.contains(e.wanted()))))
                .filter(g -> !g.entries().isEmpty())
                .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    command, "nothing in the plan is " + cases + " by " + contenders + " for " + wanted);
        }
        return chosen;
    }

    private static boolean isOf(Entry entry, String text) {
        return entry.workload().name().contains(text);
    }

    private Group other(String text, List<Group> plan, CommandLine command) {
        try {
            return Plan.only(Workload.named(text), wanted);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command,
                    "no workload's name contains '" + text + "'; there are "
                            + plan.stream()
                                    .flatMap(g -> g.entries().stream())
                                    .map(p -> p.workload().name())
                                    .distinct()
                                    .toList()
                            + "; or, by its full name, " + e.getMessage());
        }
    }
}
