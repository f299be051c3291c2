package io.loss4j.benchmarks.gpu;

import io.loss4j.benchmarks.timing.LabelForm;
import io.loss4j.benchmarks.timing.Workload;
import io.loss4j.cuda.driver.UnavailableException;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SoftmaxCrossEntropy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Checks or times the CUDA backend and writes what it finds as JSON, after every case, for {@code run.sh}. Exit codes: 0
 * done, 1 something is wrong or failed, 2 wrong arguments, 3 no GPU.
 */
@Command(name = "gpu", sortOptions = false)
public final class GpuProcess implements Callable<Integer> {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final long WHOLE_SPACE_BYTES = 1L << 30;
    private static final int COPIES = 20;
    private static final int RUNS_WITH_THE_SAME_BITS = 100;
    private static final int HOST_COLUMNS = 1000;
    private static final int[] HOST_ROWS = {1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536};
    private static final int NO_GPU = 3;
    private static final int CALL_WARM_UP = 1000;

    /** What is done. */
    enum Stage {
        /** Errors against float64, poisoned outputs, the same bits. */
        CHECK,
        /** Kernels and calls. */
        TIME,
        /** From arrays in host memory. */
        HOSTS
    }

    @Parameters(index = "0")
    private Stage stage = Stage.CHECK;

    @Option(names = "--list", required = true)
    private Path list = Path.of("cases.json");

    @Option(names = "--out", required = true)
    private Path out = Path.of("out.json");

    @Option(names = "--cases", split = ",", description = "Only cases whose names contain one of these.")
    private List<String> cases = List.of();

    @Option(names = "--elements", description = "Cases get no larger than this, for a rehearsal; 0: whole.")
    private long elements;

    @Option(names = "--runs", description = "Runs that must give the same bits.")
    private int runs = RUNS_WITH_THE_SAME_BITS;

    @Option(names = "--rounds", description = "How often inputs are drawn anew.")
    private int rounds = 3;

    @Option(names = "--repetitions", description = "Measured in each round.")
    private int repetitions = 12;

    private final ObjectNode root = MAPPER.createObjectNode();
    private int failures;

    private GpuProcess() {}

    /** Runs the stage and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        return new CommandLine(new GpuProcess())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        List<GpuCase> chosen = GpuCases.read(list).stream()
                .filter(c -> cases.isEmpty() || cases.stream().anyMatch(c.name()::contains))
                .toList();
        try {
            DeviceSession.open(
                    elements > 0 ? elements * Float.BYTES : WHOLE_SPACE_BYTES, session -> work(session, chosen));
        } catch (UnavailableException e) {
            System.err.println(e.answer().code() + " " + e.answer().reason() + "; "
                    + e.answer().remedy());
            return NO_GPU;
        }
        return failures == 0 ? 0 : 1;
    }

    private void work(DeviceSession session, List<GpuCase> chosen) {
        root.put("stage", stage.name().toLowerCase(Locale.ROOT));
        root.put("device", session.device.name());
        root.put("capability", session.device.capability());
        root.put("multiprocessors", session.device.multiprocessors());
        root.put("driver", session.driver);
        root.put("emulated", session.isEmulated());
        root.put("elements", elements);
        if (stage == Stage.HOSTS) {
            hosts();
            return;
        }
        DeviceTimes.Effort effort = new DeviceTimes.Effort(rounds, repetitions, warmUpMilliseconds());
        ArrayNode copies = root.putArray("copy_gigabytes_per_second");
        ObjectNode results = root.putObject("cases");
        copy(session, copies);
        for (GpuCase one : chosen) {
            GpuCase sized = elements > 0 ? one.within(elements) : one;
            ObjectNode result = results.putObject(one.name());
            try {
                if (stage == Stage.CHECK) {
                    check(session, sized, result);
                } else {
                    time(session, sized, effort, result);
                }
            } catch (RuntimeException e) {
                failures++;
                result.put("failed", String.valueOf(e));
            }
            System.out.println(one.name() + ": " + summary(result));
            write();
        }
        copy(session, copies); // whether the clock has changed meanwhile
        write();
    }

    /** A rehearsal measures nothing. */
    private int warmUpMilliseconds() {
        return elements > 0 ? 1 : CALL_WARM_UP;
    }

    private void copy(DeviceSession session, ArrayNode copies) {
        if (stage == Stage.TIME) {
            for (int i = 0; i < COPIES; i++) {
                copies.add(session.copyGigabytes());
            }
        }
    }

    private void check(DeviceSession session, GpuCase one, ObjectNode result) {
        DeviceCheck check = new DeviceCheck(session, one);
        DeviceCheck.Errors errors = check.errors(0);
        int same = check.sameBits(runs, 1);
        boolean right = errors.largest() <= one.wrongFrom();
        if (one.wanted().hasValue()) {
            result.put("value", errors.value());
        }
        result.put("value_error", errors.valueError());
        result.put("gradient_error", errors.gradientError());
        result.put("norm_error", errors.normError());
        result.put("right", right);
        result.put("runs", runs);
        result.put("runs_with_the_same_bits", same);
        result.put("checksum", errors.checksum());
        if (!right || same < runs) {
            failures++;
        }
    }

    private static void time(DeviceSession session, GpuCase one, DeviceTimes.Effort effort, ObjectNode result) {
        DeviceTimes times = new DeviceTimes(session, one, effort);
        result.put("sets", DeviceTimes.sets(one));
        add(result.putArray("kernel_milliseconds"), times.kernels());
        if (one.callMicroseconds().isPresent()) {
            add(result.putArray("call_microseconds"), times.calls());
        }
    }

    private void hosts() {
        ArrayNode points = root.putArray("points");
        for (int rows : HOST_ROWS) {
            for (Workload workload : List.of(
                    Workload.of(new SoftmaxCrossEntropy(), LabelForm.INDEX, rows, HOST_COLUMNS),
                    Workload.of(new SigmoidCrossEntropy(), LabelForm.YES_NO, rows, HOST_COLUMNS))) {
                if (elements > 0 && workload.elements() > elements) {
                    continue;
                }
                HostCurve curve = new HostCurve(workload);
                ObjectNode point = points.addObject();
                point.put("case", workload.name());
                point.put("elements", workload.elements());
                try {
                    for (Map.Entry<String, List<Double>> times : curve.times(rounds * repetitions, warmUpMilliseconds())
                            .entrySet()) {
                        add(point.putArray(times.getKey()), times.getValue());
                    }
                    point.put("chosen", curve.chosen());
                } catch (RuntimeException e) {
                    failures++;
                    point.put("failed", String.valueOf(e));
                } finally {
                    curve.close();
                }
                System.out.println(workload.name() + ": " + summary(point));
                write();
            }
        }
    }

    private static void add(ArrayNode to, List<Double> samples) {
        for (double sample : samples) {
            to.add(Double.parseDouble(String.format(Locale.ROOT, "%.5g", sample)));
        }
    }

    private static String summary(ObjectNode result) {
        StringBuilder text = new StringBuilder();
        result.fields().forEachRemaining(field -> {
            if (!field.getValue().isArray()) {
                text.append(field.getKey()).append(' ').append(field.getValue()).append("  ");
            } else if (field.getValue().size() > 0) {
                double[] sorted = new double[field.getValue().size()];
                for (int i = 0; i < sorted.length; i++) {
                    sorted[i] = field.getValue().get(i).asDouble();
                }
                Arrays.sort(sorted);
                text.append(field.getKey())
                        .append(' ')
                        .append(sorted[sorted.length / 2])
                        .append("  ");
            }
        });
        return text.toString();
    }

    /** After every case, so that whoever is stopped leaves what it has. */
    private void write() {
        try {
            Files.writeString(out, MAPPER.writeValueAsString(root) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
