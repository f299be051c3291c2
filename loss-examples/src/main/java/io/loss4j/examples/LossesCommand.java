package io.loss4j.examples;

import io.loss4j.catalogue.LossCatalogue;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BinaryLoss;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossType;
import io.loss4j.loss.LossType.Parameter;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.RowLoss;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.provider.Discovery;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loss4j losses}. */
@Command(
        name = "losses",
        description = "List the losses on the class path, or one of them with its parameters.",
        mixinStandardHelpOptions = true,
        usageHelpWidth = 80)
final class LossesCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "A loss, for example softmax_focal.")
    private @Nullable String id;

    @Override
    public Integer call() {
        PrintWriter out =
                Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        if (id == null) {
            LossCatalogue.types().values().forEach(type -> Lines.wrap(out, title(type), summary(type)));
        } else {
            details(LossCatalogue.type(id), out);
        }
        for (Discovery.Problem p : LossCatalogue.problems()) {
            Lines.wrap(out, "left out: ", p.who() + " " + p.what() + "; " + p.remedy());
        }
        out.flush();
        return 0;
    }

    private static String title(LossType<?> type) {
        return String.format("%-30s", type.id());
    }

    private static String summary(LossType<?> type) {
        String parameters =
                type.parameters().stream().map(LossesCommand::assignment).collect(Collectors.joining(", "));
        return shape(type) + (parameters.isEmpty() ? "" : ": " + parameters);
    }

    private static String assignment(Parameter p) {
        return p.name() + (p.required() ? "" : "=" + value(p.defaultValue()));
    }

    private static void details(LossType<?> type, PrintWriter out) {
        out.println(type.id() + ", version " + type.version());
        out.println("shape      " + shape(type));
        out.println("class      " + Discovery.where(type.record()));
        List<Parameter> parameters = type.parameters();
        out.println(parameters.isEmpty() ? "parameters none" : "parameters");
        for (Parameter p : parameters) {
            String rest = p.required() ? "must be given" : "default " + value(p.defaultValue());
            out.println("  " + p.name() + ": " + kind(p.type()) + ", " + rest);
        }
    }

    private static String kind(Class<?> type) {
        if (type == PerColumn.class) {
            return "a number, or one per column";
        }
        if (type.isEnum()) {
            return List.of(type.getEnumConstants()).stream()
                    .map(constant -> LossType.word((Enum<?>) constant))
                    .collect(Collectors.joining(" or "));
        }
        return type == double.class || type == Double.class ? "a number" : type.getSimpleName();
    }

    private static String value(@Nullable Object value) {
        if (value instanceof Enum<?> constant) {
            return LossType.word(constant);
        }
        if (value instanceof PerColumn perColumn && perColumn.isScalar()) {
            return Lines.number(perColumn.at(0));
        }
        return value instanceof Double number ? Lines.number(number) : value == null ? "none" : value.toString();
    }

    /** What a row of predictions means to it. */
    private static String shape(LossType<?> type) {
        boolean hasDefaults = type.parameters().stream().noneMatch(Parameter::required);
        Class<?> loss = hasDefaults ? type.create(Map.of()).formula(2).getClass() : type.record();
        if (SoftmaxLoss.class.isAssignableFrom(loss)) {
            return "softmax";
        }
        if (BinaryLoss.class.isAssignableFrom(loss)) {
            return "sigmoid";
        }
        if (ElementwiseLoss.class.isAssignableFrom(loss)) {
            return "elementwise";
        }
        if (RowLoss.class.isAssignableFrom(loss)) {
            return "row";
        }
        return BatchLoss.class.isAssignableFrom(loss) ? "batch" : "of other losses";
    }
}
