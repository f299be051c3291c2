package io.loss4j.examples;

import io.loss4j.error.BackendException;
import io.loss4j.error.LossInputException;
import io.loss4j.examples.comparison.Measure;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code loss4j}, the command line. Exit codes: 0 done, 1 something is wrong with this machine or with Loss4J, 2 something
 * is wrong with the arguments or the data.
 */
@Command(
        name = "loss4j",
        description = "Losses for Deeplearning4j on the backends of this machine.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class,
        subcommands = {
            TrainCommand.class,
            CompareCommand.class,
            PredictCommand.class,
            NumbersCommand.class,
            DoctorCommand.class,
            BackendsCommand.class,
            LossesCommand.class,
            ExampleCommand.class
        },
        footer = {"", "Backends are chosen by -Dloss4j.backend or LOSS4J_BACKEND, for example LOSS4J_BACKEND=cpu."})
public final class Main {
    static final int BROKEN = 1;
    static final int WRONG_INPUT = 2;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .registerConverter(Measure.class, Main::measure)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler(Main::explainArguments)
                .setExecutionExceptionHandler(Main::explain);
    }

    private static Measure measure(String text) {
        return Arrays.stream(Measure.values())
                .filter(m -> m.id().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + Arrays.stream(Measure.values()).map(Measure::id).collect(Collectors.joining(", "))));
    }

    private static int explainArguments(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("See " + name + " --help.");
        }
        return WRONG_INPUT;
    }

    /** What the user can repair is one sentence; anything else is a mistake of ours and keeps its stack trace. */
    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof LossInputException || e instanceof BackendException) {
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
            return WRONG_INPUT;
        }
        throw e;
    }
}
