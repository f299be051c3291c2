package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a table becomes a {@link Dataset}.
 *
 * @param label the column to predict: name, number or {@code last}
 * @param drop columns to leave out
 * @param categorical columns of categories, whatever their cells look like; never left out by themselves
 * @param missing cells that stand for "not known", besides the usual ones: {@code VALUE} or {@code COLUMN=VALUE}
 * @param testFraction the part of every class that is kept for testing
 * @param seed of the split
 */
public record Preparation(
        String label,
        List<String> drop,
        List<String> categorical,
        List<String> missing,
        double testFraction,
        long seed) {
    /** A column that is mostly numbers is meant to be numbers: the rest is a mistake, or stands for "missing". */
    private static final double MOSTLY = 0.9;
    /** More values than this, or than half the rows, are names or numbers of things, not categories. */
    private static final int MOST_CATEGORIES = 50;

    /** Copies the lists. */
    public Preparation {
        drop = List.copyOf(drop);
        categorical = List.copyOf(categorical);
        missing = List.copyOf(missing);
    }

    /** The cells of a column that are not missing, in some of the rows. */
    private record Cells(String name, int rows, List<String> present) {
        static Cells of(Table table, int column, List<Integer> rows, Missing absent) {
            List<String> present = rows.stream()
                    .map(i -> table.cell(i, column))
                    .filter(cell -> !absent.test(column, cell))
                    .toList();
            return new Cells(table.columns().get(column), rows.size(), present);
        }

        boolean someMissing() {
            return present.size() < rows;
        }

        int different() {
            return new HashSet<>(present).size();
        }

        boolean isConstant(boolean numeric) {
            return numeric ? !Feature.Numeric.of(name, present, false).spread() : different() == 1 && !someMissing();
        }
    }

    /**
     * Prepares a table.
     *
     * @throws LossInputException if it cannot be used
     */
    public Dataset prepare(Table given) {
        int labelColumn = given.column(label, "--label");
        Classes classes = Classes.of(given, labelColumn, "--label");
        List<String> remarks = new ArrayList<>();
        Table table = withLabel(given, labelColumn, remarks);
        int[] labels = table.rows().stream()
                .mapToInt(row -> classes.names().indexOf(row.cells().get(labelColumn)))
                .toArray();
        remarkRareClasses(table, classes, labels, remarks);
        Split split = Split.stratified(labels, classes.names().size(), testFraction, seed);
        Missing absent = new Missing(table, missing);
        Map<Integer, Feature> features = features(table, labelColumn, absent, split, remarks);
        return new Dataset(
                table.source(),
                table.columns().get(labelColumn),
                classes.names(),
                describe(features, Feature.Numeric.class),
                describe(features, Feature.Categorical.class),
                List.copyOf(remarks),
                encode(table, features, absent, labels, split.train()),
                encode(table, features, absent, labels, split.test()));
    }

    private static Table withLabel(Table given, int labelColumn, List<String> remarks) {
        List<Table.Row> rows = given.rows().stream()
                .filter(row -> !Missing.isMarker(row.cells().get(labelColumn)))
                .toList();
        int unlabelled = given.rows().size() - rows.size();
        if (unlabelled > 0) {
            remarks.add(unlabelled + " rows without a label left out");
        }
        return new Table(given.source(), given.columns(), rows);
    }

    private static void remarkRareClasses(Table table, Classes classes, int[] labels, List<String> remarks) {
        long[] counts =
                new Dataset.Part(new float[0][], labels).counts(classes.names().size());
        List<String> single = IntStream.range(0, counts.length)
                .filter(k -> counts[k] == 1)
                .mapToObj(classes.names()::get)
                .toList();
        if (counts.length - single.size() < 2) {
            throw new LossInputException(
                    "L4J-D29",
                    table.source(),
                    "fewer than two classes have two rows, one to train and one to test",
                    "give more rows");
        }
        if (!single.isEmpty()) {
            remarks.add("classes with one row are trained and not tested: " + String.join(", ", single));
        }
    }

    /** The features by column, in order; what is left out becomes a remark. */
    private Map<Integer, Feature> features(
            Table table, int labelColumn, Missing absent, Split split, List<String> remarks) {
        Set<Integer> dropped = columns(table, drop, "--drop");
        Set<Integer> forced = columns(table, categorical, "--categorical");
        List<Integer> everyRow = IntStream.range(0, table.rows().size()).boxed().toList();
        Map<Integer, Feature> features = new LinkedHashMap<>();
        for (int c = 0; c < table.columns().size(); c++) {
            if (c == labelColumn) {
                continue;
            }
            String name = table.columns().get(c);
            if (dropped.contains(c)) {
                remarks.add(name + " left out: --drop");
                continue;
            }
            Cells all = Cells.of(table, c, everyRow, absent);
            Cells train = Cells.of(table, c, split.train(), absent);
            boolean numeric = !forced.contains(c) && isNumeric(table, c, all, absent);
            String reason = uselessness(train, numeric);
            if (reason == null && !forced.contains(c)) {
                reason = suspicion(table, c, labelColumn, all, numeric);
            }
            if (reason != null) {
                remarks.add(name + " left out: " + reason);
            } else if (numeric) {
                features.put(c, Feature.Numeric.of(name, train.present(), train.someMissing()));
            } else {
                features.put(c, Feature.Categorical.of(name, train.present(), train.someMissing()));
            }
        }
        if (features.isEmpty()) {
            throw new LossInputException(
                    "L4J-D29",
                    table.source(),
                    "no column is left to learn from (" + String.join("; ", remarks) + ")",
                    "give more columns, or keep one with --categorical");
        }
        return features;
    }

    private static Set<Integer> columns(Table table, List<String> names, String option) {
        return names.stream().map(n -> table.column(n, option)).collect(Collectors.toSet());
    }

    private static boolean isNumeric(Table table, int column, Cells all, Missing absent) {
        long numbers = all.present().stream().filter(Numbers::isNumber).count();
        int present = all.present().size();
        if (numbers < present && numbers > MOSTLY * present) {
            throw textAmongNumbers(table, column, absent, numbers + " of " + present);
        }
        return numbers == present;
    }

    private static LossInputException textAmongNumbers(Table table, int column, Missing absent, String numbers) {
        Table.Row row = table.rows().stream()
                .filter(r -> !absent.test(column, r.cells().get(column))
                        && !Numbers.isNumber(r.cells().get(column)))
                .findFirst()
                .orElseThrow();
        String name = table.columns().get(column);
        String cell = row.cells().get(column);
        return new LossInputException(
                "L4J-D28",
                table.source(),
                "line " + row.line() + ", column '" + name + "' is '" + cell + "', expected a number as in " + numbers
                        + " rows",
                "use --missing '" + cell + "' if it stands for a missing number, or --categorical '" + name + "'");
    }

    /** Why nothing can be learnt from a column, or null. */
    private static @Nullable String uselessness(Cells train, boolean numeric) {
        if (train.present().isEmpty()) {
            return "no value in the training part";
        }
        return train.isConstant(numeric) ? "always " + train.present().get(0) + " in the training part" : null;
    }

    /** Why a column should not be learnt from unless the user insists, or null. */
    private static @Nullable String suspicion(Table table, int column, int labelColumn, Cells all, boolean numeric) {
        String insist = " (--categorical " + all.name() + " keeps it)";
        if (!all.someMissing() && repeatsLabel(table, column, labelColumn)) {
            return "it is the label under another name" + insist;
        }
        int different = all.different();
        boolean names = different > MOST_CATEGORIES || different > all.present().size() / 2;
        return !numeric && names ? different + " different texts" + insist : null;
    }

    /** Whether each value goes with one class and each class with one value. */
    private static boolean repeatsLabel(Table table, int column, int labelColumn) {
        Map<String, String> classOf = new HashMap<>();
        for (Table.Row row : table.rows()) {
            String label = row.cells().get(labelColumn);
            String first = classOf.putIfAbsent(row.cells().get(column), label);
            if (first != null && !first.equals(label)) {
                return false;
            }
        }
        return new HashSet<>(classOf.values()).size() == classOf.size();
    }

    private static List<String> describe(Map<Integer, Feature> features, Class<? extends Feature> kind) {
        return features.values().stream()
                .filter(kind::isInstance)
                .map(Feature::describe)
                .toList();
    }

    private static Dataset.Part encode(
            Table table, Map<Integer, Feature> features, Missing absent, int[] labels, List<Integer> chosen) {
        int width = features.values().stream().mapToInt(Feature::width).sum();
        float[][] inputs = new float[chosen.size()][width];
        int[] chosenLabels = new int[chosen.size()];
        for (int i = 0; i < inputs.length; i++) {
            int row = chosen.get(i);
            int at = 0;
            for (Map.Entry<Integer, Feature> e : features.entrySet()) {
                String cell = table.cell(row, e.getKey());
                e.getValue().encode(cell, absent.test(e.getKey(), cell), inputs[i], at);
                at += e.getValue().width();
            }
            chosenLabels[i] = labels[row];
        }
        return new Dataset.Part(inputs, chosenLabels);
    }
}
