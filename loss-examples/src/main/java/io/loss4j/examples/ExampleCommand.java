package io.loss4j.examples;

import io.loss4j.examples.tasks.TaskExample;
import io.loss4j.provider.Discovery;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loss4j example}. */
@Command(
        name = "example",
        description = {
            "List small programs by task, or run one of them.",
            "",
            "Each makes up its data, trains a network with several losses in seconds, and prints how they did. The "
                    + "sources are made to be read and copied."
        },
        mixinStandardHelpOptions = true,
        usageHelpWidth = 80)
final class ExampleCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "An example, for instance pixels; or 'all'.")
    private @Nullable String name;

    @Override
    public Integer call() {
        PrintWriter out = commandSpec().commandLine().getOut();
        if (name == null) {
            TaskExample.ALL.forEach(example -> Lines.wrap(out, String.format("%-16s", example.name()), example.task()));
        } else {
            chosen(name).forEach(example -> run(example, out));
        }
        out.flush();
        return 0;
    }

    private static void run(TaskExample example, PrintWriter out) {
        out.println(
                example.name() + ": " + example.task() + " (" + example.source().getSimpleName() + ".java)");
        out.flush();
        out.println(example.program().get());
        out.flush();
    }

    private List<TaskExample> chosen(String wanted) {
        if (wanted.equals("all")) {
            return TaskExample.ALL;
        }
        List<TaskExample> found =
                TaskExample.ALL.stream().filter(e -> e.name().equals(wanted)).toList();
        if (found.isEmpty()) {
            List<String> names = TaskExample.ALL.stream().map(TaskExample::name).toList();
            String nearest = Discovery.nearest(wanted, names);
            throw new ParameterException(
                    commandSpec().commandLine(),
                    "there is no example '" + wanted + "', only " + String.join(", ", names)
                            + (nearest == null ? "" : "; did you mean " + nearest + "?"));
        }
        return found;
    }

    private CommandSpec commandSpec() {
        return Objects.requireNonNull(spec, "picocli sets it");
    }
}
