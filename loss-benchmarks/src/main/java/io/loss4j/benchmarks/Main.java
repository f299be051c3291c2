package io.loss4j.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
            "Times losses: Loss4J, Deeplearning4j's own, and a mere copy of the memory, side by side in one run.",
            "",
            "Takes about 25 minutes, with --quick about 2 and a half. Prints a table and writes it with all numbers to"
                    + " docs/benchmarks. Let the machine rest meanwhile."
        },
        usageHelpWidth = 100,
        sortOptions = false)
public final class Main implements Callable<Integer> {
    /** The folder of the project; the launcher sets it. */
    private static final String CHECKOUT = "loss4j.checkout";

    private static final int MOST = 1_000_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--quick", description = "Only the workloads with a bar, in fewer and shorter iterations.")
    private boolean quick;

    @Option(
            names = "--cases",
            paramLabel = "TEXT",
            split = ",",
            description = "Only the workloads whose names contain one of these, such as softmax or 4096x1000.")
    private List<String> cases = List.of();

    @Option(
            names = "--contenders",
            paramLabel = "NAME",
            split = ",",
            converter = ContenderName.class,
            description = "Who is timed; --list names all. By default loss4j, dl4j and copy, and without --quick also"
                    + " loss4j-scalar.")
    private List<Contender> contenders = List.of();

    @Option(
            names = "--ask-for",
            paramLabel = "WHAT",
            split = ",",
            converter = WantedName.class,
            description = "value+gradient, value or gradient. By default value+gradient, and without --quick also the"
                    + " others for the workloads with a bar.")
    private List<Wanted> wanted = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "Processes per entry; by default 2.")
    private @Nullable Integer rounds;

    @Option(names = "--warmups", paramLabel = "N", description = "Iterations before those that count.")
    private @Nullable Integer warmups;

    @Option(names = "--iterations", paramLabel = "N", description = "Iterations that count, per process.")
    private @Nullable Integer iterations;

    @Option(names = "--milliseconds", paramLabel = "N", description = "Length of an iteration.")
    private @Nullable Integer milliseconds;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that may work on one call; by default 2.")
    private int threads = 2;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "Wait so long before every process for a busy machine to come to rest; by default 0.")
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
    public static void main(String[] arguments) {
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
            return Arrays.stream(Wanted.values())
                    .filter(w -> w.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is none of " + Arrays.toString(Wanted.values())));
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine command = Objects.requireNonNull(spec, "picocli sets it").commandLine();
        PrintWriter out = command.getOut();
        if (list) {
            list(out);
            return 0;
        }
        Effort effort = effort(command);
        List<Entry> entries = entries(command);
        Duration estimate = effort.estimate(entries.size());
        out.printf(
                "%d processes, about %d:%02d minutes%n",
                entries.size() * effort.rounds(), estimate.toMinutes(), estimate.toSecondsPart());
        Instant started = Instant.now();
        Rounds work = new Rounds(entries, effort, out);
        work.run();
        String typed = String.join(" ", command.getParseResult().originalArgs());
        Path checkout = Path.of(System.getProperty(CHECKOUT, "."));
        Run run = new Run(
                ("./benchmark " + typed).strip(),
                started,
                Machine.commit(checkout),
                effort,
                work.measurements(),
                work.failures());
        out.println();
        if (!run.measurements().isEmpty()) {
            report(run, out, output != null ? output : checkout.resolve("docs").resolve("benchmarks"));
        }
        run.failures().forEach(f -> out.println("not timed: " + f));
        out.flush();
        return run.failures().isEmpty() ? 0 : 1;
    }

    private void report(Run run, PrintWriter out, Path folder) throws IOException {
        out.println(new ResultTable(run).ascii());
        if (!run.caution().isEmpty()) {
            out.println(run.caution());
        }
        String name = "cpu-" + Runtime.version().feature() + (isPartial() ? "-partial" : quick ? "-quick" : "");
        for (Path file : new RunFiles(run).write(folder, name)) {
            out.println("wrote " + file);
        }
    }

    private static void list(PrintWriter out) {
        out.println("Workloads:");
        for (Workload w : Workload.ALL) {
            String builtIn = w.builtIn() == null ? "nothing" : w.builtIn().name();
            out.printf("  %-40s Deeplearning4j has %s%n", w.name(), builtIn);
        }
        out.println("Contenders:");
        for (Contender c : Contender.values()) {
            out.printf("  %-16s %s%n", c.id, c.description);
        }
        out.flush();
    }

    private Effort effort(CommandLine command) {
        return new Effort(
                positive(command, "--rounds", rounds, 2),
                positive(command, "--warmups", warmups, quick ? 3 : 4),
                positive(command, "--iterations", iterations, quick ? 4 : 5),
                positive(command, "--milliseconds", milliseconds, quick ? 250 : 500),
                positive(command, "--threads", threads, 2),
                Duration.ofSeconds(patience));
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

    private List<Entry> entries(CommandLine command) {
        List<Contender> who = contenders.isEmpty() ? usualContenders() : contenders;
        List<Entry> entries = new ArrayList<>();
        for (Workload workload : workloads(command)) {
            for (Wanted what : wantedOf(workload)) {
                who.stream()
                        .distinct()
                        .filter(c -> c.takesPartIn(workload))
                        .forEach(c -> entries.add(new Entry(workload, what, c)));
            }
        }
        if (entries.isEmpty()) {
            throw new ParameterException(
                    command, "Deeplearning4j has nothing for " + cases + "; name other contenders");
        }
        return entries;
    }

    private List<Contender> usualContenders() {
        return quick
                ? List.of(Contender.LOSS4J, Contender.DL4J, Contender.COPY)
                : List.of(Contender.LOSS4J, Contender.LOSS4J_SCALAR, Contender.DL4J, Contender.COPY);
    }

    /** A look at some of it must not replace the files of a whole run. */
    private boolean isPartial() {
        return !cases.isEmpty()
                || !wanted.isEmpty()
                || !contenders.isEmpty() && !contenders.containsAll(usualContenders());
    }

    private List<Wanted> wantedOf(Workload workload) {
        if (!wanted.isEmpty()) {
            return wanted.stream().distinct().toList();
        }
        return quick || workload.bar() == 0 ? List.of(Wanted.VALUE_AND_GRADIENT) : List.of(Wanted.values());
    }

    private List<Workload> workloads(CommandLine command) {
        for (String text : cases) {
            if (Workload.ALL.stream().noneMatch(w -> w.name().contains(text))) {
                throw new ParameterException(
                        command,
                        "no workload's name contains '" + text + "'; there are "
                                + Workload.ALL.stream().map(Workload::name).toList());
            }
        }
        return Workload.ALL.stream()
                .filter(w ->
                        cases.isEmpty() ? !quick || w.bar() > 0 : cases.stream().anyMatch(w.name()::contains))
                .toList();
    }
}
