package io.loss4j.examples;

import io.loss4j.backend.Backends;
import io.loss4j.backend.Resolution;
import io.loss4j.backend.Verdict;
import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.error.BackendException;
import io.loss4j.provider.Discovery;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code loss4j doctor}. */
@Command(
        name = "doctor",
        description = {
            "Say what this machine and class path offer, what does not work, and what to do about it.",
            "",
            "Exit code 1 if no loss can be computed."
        },
        mixinStandardHelpOptions = true,
        usageHelpWidth = 80)
final class DoctorCommand implements Callable<Integer> {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final double MEGABYTE = 1 << 20;

    @Spec
    private @Nullable CommandSpec spec;

    private final List<String> problems = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        print(out, "Loss4J", Versions.loss4j());
        print(out, "Java", java());
        print(out, "System", system());
        print(out, "Vector API", vectorModule());
        print(out, "JavaCPP", javaCpp(Main.class.getClassLoader()));
        boolean nd4j = nd4j(out);
        boolean computes = nd4j && backends(out);
        losses(out);
        if (problems.isEmpty()) {
            print(out, "Problems", "none");
        }
        problems.forEach(p -> print(out, "Problem", p));
        out.flush();
        return computes ? 0 : Main.BROKEN;
    }

    private static void print(PrintWriter out, String title, String text) {
        Lines.wrap(out, String.format("%-11s", title), text);
    }

    private static String java() {
        return System.getProperty("java.version") + ", " + System.getProperty("java.vm.name") + ", "
                + System.getProperty("java.vendor") + ", " + System.getProperty("java.home");
    }

    private static String system() {
        Runtime runtime = Runtime.getRuntime();
        return System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + runtime.availableProcessors() + " processors, heap at most "
                + Math.round(runtime.maxMemory() / MEGABYTE) + " MB";
    }

    private static String vectorModule() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
                ? "module " + VECTOR_MODULE + " is there"
                : "module " + VECTOR_MODULE + " is not there; start java with --add-modules " + VECTOR_MODULE
                        + ", as ./loss4j does";
    }

    /** Maven settles the versions of JavaCPP's Java and native jars one by one; two versions break ND4J. */
    private String javaCpp(ClassLoader classPath) throws IOException {
        SortedSet<String> versions = JarVersions.of(classPath, "org.bytedeco", "javacpp");
        if (versions.size() > 1) {
            problems.add("JavaCPP is on the class path in versions " + versions
                    + ", and ND4J fails with UnsatisfiedLinkError; exclude the one that ND4J does not bring");
        }
        return versions.isEmpty() ? "not on the class path" : String.join(" and ", versions);
    }

    private boolean nd4j(PrintWriter out) throws IOException {
        try {
            Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
            String version = String.join(" and ", JarVersions.of(Main.class.getClassLoader(), "org.nd4j", "nd4j-api"));
            print(
                    out,
                    "ND4J",
                    version + ", " + Nd4j.getBackend().getClass().getSimpleName() + ", data type " + Nd4j.dataType()
                            + ", " + environment.get("omp.threads") + " threads, BLAS "
                            + environment.get("blas.vendor"));
            return true;
        } catch (RuntimeException | LinkageError e) {
            print(out, "ND4J", "does not start");
            problems.add("ND4J: " + rootOf(e)
                    + "; put exactly one of nd4j-native and nd4j-cuda with its natives on the class path");
            return false;
        }
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private boolean backends(PrintWriter out) {
        Resolution resolution;
        try {
            resolution = Backends.explain();
        } catch (BackendException e) {
            print(out, "Backend", "none");
            problems.add(e.getMessage());
            return false;
        }
        print(
                out,
                "Backend",
                (resolution.chosen() == null ? "none" : resolution.chosen()) + " (asked for: " + resolution.wish()
                        + ", from " + resolution.source() + ")");
        for (Verdict v : resolution.verdicts()) {
            print(
                    out,
                    "",
                    v.backend() + ": " + BackendsCommand.outcome(v) + ", " + v.detail()
                            + (v.remedy() == null ? "" : "; " + v.remedy()));
            if (v.outcome() == Verdict.Outcome.BROKEN) {
                problems.add(v.backend() + " " + v.detail());
            }
        }
        if (resolution.chosen() == null) {
            problems.add("no backend can compute; "
                    + (resolution.verdicts().isEmpty()
                            ? "add loss-cpu to the class path"
                            : "follow a remedy above, or change -Dloss4j.backend or LOSS4J_BACKEND"));
        }
        return resolution.chosen() != null;
    }

    private void losses(PrintWriter out) {
        print(out, "Losses", LossCatalogue.types().size() + " known; 'loss4j losses' lists them");
        for (Discovery.Problem p : LossCatalogue.problems()) {
            problems.add(p.who() + " " + p.what() + "; " + p.remedy());
        }
    }
}
