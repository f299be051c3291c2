package io.loss4j.examples.pages;

import io.loss4j.loss.Activation;
import io.loss4j.loss.BatchLoss;
import io.loss4j.loss.BuiltInLosses;
import io.loss4j.loss.ElementwiseLoss;
import io.loss4j.loss.LossSpec;
import io.loss4j.loss.LossType;
import io.loss4j.loss.LossType.Parameter;
import io.loss4j.loss.MeanAbsoluteError;
import io.loss4j.loss.MeanSquaredError;
import io.loss4j.loss.PerColumn;
import io.loss4j.loss.SoftmaxLoss;
import io.loss4j.loss.WeightedSum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The text of docs/losses.md. */
final class LossPages {
    private static final String SOURCES = "loss-api/src/main/java/io/loss4j/loss/";

    private static final String HEAD = """
            # The losses

            <!-- Written by LossPagesTest from the Javadoc of the losses; CONTRIBUTING tells how. Do not edit. -->

            Every loss takes class weights, masks, ignored labels and reductions in the same way; classification losses \
            take label smoothing and soft labels too. [Which one should I use?](which-loss.md)

            Every plot follows one line through the predictions: the loss in blue, its gradient in red-orange; where \
            labels are yes or no, solid lines are yes and dashed ones no.

            """;

    private final Path root;

    LossPages(Path root) {
        this.root = root;
    }

    /** A loss with its defaults, and numbers where there are none. */
    static LossSpec example(LossType<?> type) {
        Map<String, Object> values = new HashMap<>();
        for (Parameter p : type.parameters()) {
            if (p.required()) {
                values.put(p.name(), exampleOf(p));
            }
        }
        return type.create(values);
    }

    private static Object exampleOf(Parameter p) {
        if (p.type() == LossSpec.class) {
            return new MeanSquaredError();
        } else if (p.type() == List.class) {
            return List.of(new MeanSquaredError(), new MeanAbsoluteError());
        }
        return p.type() == PerColumn.class ? PerColumn.of(10L, 100L, 1000L) : p.type() == int.class ? 1 : (Object) 0.5;
    }

    String text() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        Map<String, List<LossType<?>>> families = BuiltInLosses.families();
        families.forEach((family, types) -> {
            StringJoiner ids = new StringJoiner(", ");
            types.forEach(type -> ids.add("[`" + type.id() + "`](#" + type.id() + ")"));
            page.append("- **").append(family).append("**: ").append(ids).append('\n');
        });
        for (Map.Entry<String, List<LossType<?>>> family : families.entrySet()) {
            page.append("\n## ").append(family.getKey()).append('\n');
            for (LossType<?> type : family.getValue()) {
                page.append('\n').append(section(type));
            }
        }
        return page.toString();
    }

    LossJavadoc javadoc(LossType<?> type) throws IOException {
        return LossJavadoc.of(root.resolve(SOURCES + type.record().getSimpleName() + ".java"));
    }

    private String section(LossType<?> type) throws IOException {
        LossJavadoc javadoc = javadoc(type);
        StringBuilder out = new StringBuilder("### " + type.id() + "\n\n");
        out.append(javadoc.paragraphs().get(0)).append("\n\n");
        out.append('*').append(kind(type)).append("*\n\n");
        for (String formula : javadoc.formulas()) {
            out.append("```text\n").append(formula).append("\n```\n\n");
        }
        for (String paragraph :
                javadoc.paragraphs().subList(1, javadoc.paragraphs().size())) {
            if (LABELS.stream().noneMatch(paragraph::startsWith)) {
                out.append(paragraph).append("\n\n");
            }
        }
        out.append(parameters(type, javadoc));
        for (String label : LABELS) {
            String paragraph = javadoc.paragraph(label);
            if (!paragraph.isEmpty()) {
                out.append(label.endsWith(":") ? "**" + label.replace(":", ".") + "** " : "")
                        .append(paragraph)
                        .append("\n\n");
            }
        }
        return out + "![Loss and gradient of " + type.id() + "](" + plotFile(type) + ")\n";
    }

    /** How the paragraphs open that every loss must have. */
    static final List<String> LABELS = List.of("Use it ", "Elsewhere:", "Example:", "Source:");

    static String plotFile(LossType<?> type) {
        return "losses/" + type.id() + ".svg";
    }

    private static String parameters(LossType<?> type, LossJavadoc javadoc) {
        if (type.parameters().isEmpty()) {
            return "No parameters.\n\n";
        }
        StringBuilder table = new StringBuilder("| parameter | default | |\n|---|---|---|\n");
        for (Parameter p : type.parameters()) {
            String component = camelCase(p.name());
            String description = javadoc.parameters().get(component);
            if (description == null) {
                throw new IllegalStateException(type.record() + " has no @param " + component);
            }
            table.append(String.format(
                    "| `%s` | %s | %s |%n", p.name(), p.required() ? "" : word(p.defaultValue()), description));
        }
        return table.append('\n').toString();
    }

    private static String camelCase(String snakeCase) {
        StringBuilder out = new StringBuilder();
        for (String word : snakeCase.split("_")) {
            out.append(out.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return out.toString();
    }

    private static String word(@Nullable Object value) {
        return value == null ? "none" : value instanceof Enum<?> constant ? LossType.word(constant) : value.toString();
    }

    private static String kind(LossType<?> type) {
        LossSpec spec = example(type);
        LossSpec shape = WeightedSum.parts(spec).get(0).loss().formula(2);
        String terms = shape instanceof BatchLoss
                ? "one value for the whole batch"
                : shape instanceof ElementwiseLoss ? "a term per element" : "a term per row";
        if (spec instanceof WeightedSum || spec.type().id().equals("scaled")) {
            return "As the losses inside.";
        }
        String predictions = spec.input() == null
                ? "any numbers"
                : LossType.word(spec.input()).replace('_', '-');
        String activation = spec.activation() == Activation.ANY
                ? ""
                : "; on a layer with activation " + spec.activation().name();
        String labels = shape instanceof SoftmaxLoss ? "; labels are classes, one-hot or soft" : "";
        return "Predictions: " + predictions + activation + labels + "; " + terms + ".";
    }
}
