package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How rows become inputs of a network, as learnt from the training part.
 *
 * @param features in the order of their inputs
 */
public record Encoding(List<Feature> features) {
    /** Copies the list. */
    public Encoding {
        features = List.copyOf(features);
    }

    /** Learns from some rows; what is left out becomes a remark. */
    static Encoding learn(String source, List<Column> columns, int[] rows, Collection<String> remarks) {
        List<Feature> features = new ArrayList<>();
        for (Column column : columns) {
            if (column instanceof Column.OfNumbers numbers) {
                Feature.Numeric feature = Feature.Numeric.of(numbers, rows);
                if (feature.spread()) {
                    features.add(feature);
                } else {
                    remarks.add(column.name() + " left out: " + constant(numbers, rows));
                }
            } else if (column instanceof Column.OfTexts texts) {
                Collection<String> present = texts.textsIn(rows);
                boolean missing = Arrays.stream(rows).anyMatch(texts::isMissing);
                if (present.isEmpty()) {
                    remarks.add(column.name() + " left out: no value in the training part");
                } else if (present.size() == 1 && !missing) {
                    remarks.add(column.name() + " left out: always "
                            + present.iterator().next() + " in the training part");
                } else {
                    features.add(Feature.Categorical.of(column.name(), present, missing));
                }
            }
        }
        if (features.isEmpty()) {
            throw new LossInputException(
                    "L4J-D29",
                    source,
                    "no column is left to learn from (" + String.join("; ", remarks) + ")",
                    "give more columns, or keep one with --categorical");
        }
        return new Encoding(features);
    }

    private static String constant(Column.OfNumbers column, int[] rows) {
        for (int row : rows) {
            if (!column.isMissing(row)) {
                String value = BigDecimal.valueOf(column.value(row))
                        .stripTrailingZeros()
                        .toPlainString();
                return "always " + value + " in the training part";
            }
        }
        return "no value in the training part";
    }

    /** How many inputs a network needs. */
    public int inputs() {
        return features.stream().mapToInt(Feature::width).sum();
    }

    /** The columns used as numbers, for people. */
    public List<String> numeric() {
        return describe(Feature.Numeric.class);
    }

    /** The columns used as categories, for people. */
    public List<String> categorical() {
        return describe(Feature.Categorical.class);
    }

    private List<String> describe(Class<? extends Feature> kind) {
        return features.stream().filter(kind::isInstance).map(Feature::describe).toList();
    }

    /** Binds the features to columns, so that a row is encoded without looking anything up by name. */
    RowEncoder encoder(List<Column> columns) {
        Map<String, Column> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.put(column.name(), column));
        List<RowEncoder> encoders = new ArrayList<>();
        int at = 0;
        for (Feature feature : features) {
            encoders.add(encoder(feature, byName.get(feature.name()), at));
            at += feature.width();
        }
        return (row, inputs, offset) -> encoders.forEach(e -> e.encode(row, inputs, offset));
    }

    private static RowEncoder encoder(Feature feature, @Nullable Column column, int at) {
        if (feature instanceof Feature.Numeric numeric && column instanceof Column.OfNumbers numbers) {
            return (row, inputs, offset) -> numeric.encode(numbers.value(row), inputs, offset + at);
        }
        if (feature instanceof Feature.Categorical categorical && column instanceof Column.OfTexts texts) {
            int[] positions = texts.texts().stream()
                    .mapToInt(categorical.values()::indexOf)
                    .toArray();
            return (row, inputs, offset) -> {
                int code = texts.codes()[row];
                int position = code == Column.ABSENT ? categorical.positionOfMissing() : positions[code];
                if (position != Feature.Categorical.NOWHERE) {
                    inputs[offset + at + position] = 1;
                }
            };
        }
        throw new IllegalArgumentException(feature.name());
    }

    /** Writes the inputs of a row, into zeros. */
    @FunctionalInterface
    interface RowEncoder {
        void encode(int row, float[] inputs, int offset);
    }
}
