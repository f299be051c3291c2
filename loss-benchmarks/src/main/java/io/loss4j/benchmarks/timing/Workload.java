package io.loss4j.benchmarks.timing;

import io.loss4j.loss.Huber;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.SigmoidCrossEntropy;
import io.loss4j.loss.SigmoidFocal;
import io.loss4j.loss.SoftmaxCrossEntropy;
import io.loss4j.loss.SoftmaxFocal;
import io.loss4j.loss.SoftmaxLoss;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A loss on arrays of one size, type and layout. Its name says it all, such as
 * {@code softmax_cross_entropy/index/4096x1000} or {@code sigmoid_cross_entropy/4096x100/half/f}, so that a process can be
 * told what to work on.
 *
 * @param spec the loss
 * @param labels what the labels look like
 * @param rows of the predictions
 * @param columns of the predictions
 * @param precision the type of the predictions
 * @param layout of the predictions
 */
public record Workload(LossSpec spec, LabelForm labels, int rows, int columns, Precision precision, Layout layout) {
    private static final Map<String, LossSpec> LOSSES = Stream.of(
                    new SoftmaxCrossEntropy(),
                    new SoftmaxFocal(2.0),
                    new SigmoidCrossEntropy(),
                    new SigmoidFocal(0.25, 2.0),
                    new Huber(1.0),
                    new MeanSquaredError())
            .collect(Collectors.toMap(LossSpec::id, Function.identity(), (a, b) -> a, TreeMap::new));

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})x(\\d{1,9})");

    /** Contiguous FLOAT rows. */
    public static Workload of(LossSpec spec, LabelForm labels, int rows, int columns) {
        return new Workload(spec, labels, rows, columns, Precision.FLOAT, Layout.ROWS);
    }

    /**
     * By its name.
     *
     * @throws IllegalArgumentException if that names nothing
     */
    public static Workload named(String name) {
        String[] parts = name.split("/");
        LossSpec spec = LOSSES.get(parts[0]);
        if (spec == null) {
            throw new IllegalArgumentException("no loss is timed as '" + parts[0] + "'; there are " + LOSSES.keySet());
        }
        LabelForm labels = labels(spec);
        Precision precision = Precision.FLOAT;
        Layout layout = Layout.ROWS;
        int rows = 0;
        int columns = 0;
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            Matcher size = SIZE.matcher(part);
            if (size.matches()) {
                rows = Integer.parseInt(size.group(1));
                columns = Integer.parseInt(size.group(2));
            }
            labels = pick(LabelForm.values(), l -> l.suffix, part, labels);
            precision = pick(Precision.values(), Precision::suffix, part, precision);
            layout = pick(Layout.values(), l -> l.suffix, part, layout);
        }
        Workload workload = new Workload(spec, labels, rows, columns, precision, layout);
        if (rows == 0 || columns == 0 || !workload.name().equals(name)) {
            throw new IllegalArgumentException("'" + name + "' is no workload; write loss, form of the labels, rows x"
                    + " columns, type and layout as in softmax_cross_entropy/index/4096x1000/half/f");
        }
        return workload;
    }

    private static LabelForm labels(LossSpec spec) {
        if (spec instanceof SoftmaxLoss) {
            return LabelForm.INDEX;
        }
        return spec instanceof Huber || spec instanceof MeanSquaredError ? LabelForm.REAL : LabelForm.YES_NO;
    }

    private static <T> T pick(T[] all, Function<T, String> suffix, String part, T otherwise) {
        return List.of(all).stream()
                .filter(t -> suffix.apply(t).equals("/" + part))
                .findFirst()
                .orElse(otherwise);
    }

    /** The same in another type. */
    public Workload in(Precision other) {
        return new Workload(spec, labels, rows, columns, other, layout);
    }

    /** The same in another layout. */
    public Workload in(Layout other) {
        return new Workload(spec, labels, rows, columns, precision, other);
    }

    /** The name, unique and for {@link #named}. */
    public String name() {
        return String.format(
                Locale.ROOT,
                "%s%s/%dx%d%s%s",
                spec.id(),
                labels.suffix,
                rows,
                columns,
                precision.suffix(),
                layout.suffix);
    }

    /** Predictions. */
    public long elements() {
        return (long) rows * columns;
    }

    @Override
    public String toString() {
        return name();
    }
}
