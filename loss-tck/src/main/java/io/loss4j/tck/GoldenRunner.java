package io.loss4j.tck;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Checks the golden cases of a folder from the command line and prints a table by loss.
 *
 * <pre>
 *   java -cp ... [-Dloss4j.golden=DIR] io.loss4j.tck.GoldenRunner [DIR] [--backend NAMES]
 * </pre>
 *
 * <p>Exit code 0: all supported cases pass; 1: some fail; 2: wrong usage, or no cases found.
 */
public final class GoldenRunner {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private GoldenRunner() {}

    /** Runs and exits. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        Path folder = GoldenCases.folder();
        String backend = "auto";
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--backend") && i + 1 < arguments.size()) {
                backend = arguments.get(++i);
            } else if (argument.startsWith("-")) {
                System.err.println("unknown option " + argument + "; usage: GoldenRunner [DIR] [--backend NAMES]");
                return USAGE;
            } else {
                folder = Path.of(argument);
            }
        }
        if (folder == null || !Files.isDirectory(folder)) {
            System.err.println("no folder of golden cases" + (folder == null ? "" : " at " + folder)
                    + "; name it as an argument or with" + " -Dloss4j.golden=DIR");
            return USAGE;
        }
        return run(GoldenCases.read(folder), backend);
    }

    private static int run(GoldenCases golden, String backend) {
        GoldenSummary summary = new GoldenSummary("golden cases on " + backend, golden);
        for (GoldenCase c : golden.cases()) {
            try {
                if (c.unsupported() != null) {
                    summary.unsupported(c);
                    continue;
                }
                c.check(backend, DataType.DOUBLE);
                c.check(backend, DataType.FLOAT);
                summary.passed(c);
            } catch (RuntimeException | AssertionError e) {
                summary.failed(c, e);
            }
        }
        System.out.print(summary.table());
        System.out.println(summary.line());
        if (golden.cases().isEmpty()) {
            System.err.println("the folder holds no golden cases");
            return USAGE;
        }
        return summary.hasFailures() ? FAILED : 0;
    }
}
