package io.loss4j.examples.data;

import io.loss4j.error.LossInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a table becomes {@link Examples}.
 *
 * @param label the column to predict: name, number or {@code last}
 * @param drop columns to leave out
 * @param categorical columns of categories, whatever their cells look like; never left out by themselves
 * @param missing cells that stand for "not known", besides the usual ones: {@code VALUE} or {@code COLUMN=VALUE}
 */
public record Preparation(String label, List<String> drop, List<String> categorical, List<String> missing) {
    /** More values than this, or than half the rows, are names or numbers of things, not categories. */
    private static final int MOST_CATEGORIES = 50;

    /** Copies the lists. */
    public Preparation {
        drop = List.copyOf(drop);
        categorical = List.copyOf(categorical);
        missing = List.copyOf(missing);
    }

    /**
     * Reads a table, in one walk through it.
     *
     * @throws LossInputException if it cannot be used
     */
    public Examples read(Table table) {
        int labelColumn = table.column(label, "--label");
        Set<Integer> dropped = columns(table, drop, "--drop");
        Set<Integer> forced = columns(table, categorical, "--categorical");
        Missing absent = new Missing(table, missing);
        List<ColumnReader> readers = IntStream.range(0, table.columns().size())
                .mapToObj(c -> new ColumnReader(table.columns().get(c), c == labelColumn || forced.contains(c)))
                .toList();
        int[] unlabelled = new int[1];
        table.rows().forEach((line, cells) -> {
            if (Missing.isMarker(cells.get(labelColumn))) {
                unlabelled[0]++;
                return;
            }
            for (int c = 0; c < readers.size(); c++) {
                if (c == labelColumn) {
                    readers.get(c).add(line, cells.get(c));
                } else if (!dropped.contains(c)) {
                    read(readers.get(c), line, cells.get(c), absent, c);
                }
            }
        });
        ColumnReader labels = readers.get(labelColumn);
        Classes classes = Classes.of(table, labels, "--label");
        List<String> remarks = new ArrayList<>();
        if (unlabelled[0] > 0) {
            remarks.add(unlabelled[0] + " rows without a label left out");
        }
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < readers.size(); c++) {
            ColumnReader reader = readers.get(c);
            if (dropped.contains(c)) {
                remarks.add(reader.name() + " left out: --drop");
            } else if (c != labelColumn) {
                reader.check(table.source());
                String reason = forced.contains(c) ? null : suspicion(reader, labels);
                if (reason == null) {
                    columns.add(reader.column());
                } else {
                    remarks.add(
                            reader.name() + " left out: " + reason + " (--categorical " + reader.name() + " keeps it)");
                }
            }
        }
        return new Examples(
                table.source(),
                labels.name(),
                classes.names(),
                indices(labels, classes),
                columns,
                remarks,
                classes.names().stream().map(labels::line).toList(),
                missing.stream().map(value -> byName(table, value)).toList());
    }

    private static void read(ColumnReader reader, long line, String cell, Missing absent, int column) {
        if (absent.isSaid(column, cell)) {
            reader.addMissing();
        } else if (Missing.isNotANumber(cell)) {
            reader.addNotANumber(line, cell);
        } else if (Missing.isMarker(cell)) {
            reader.addMissing();
        } else {
            reader.add(line, cell);
        }
    }

    /** A column by its name, for other tables. */
    private static String byName(Table table, String value) {
        int equals = value.indexOf('=');
        return equals <= 0
                ? value
                : table.columns().get(table.column(value.substring(0, equals), "--missing")) + value.substring(equals);
    }

    private static int[] indices(ColumnReader labels, Classes classes) {
        int[] indexOf =
                labels.texts().stream().mapToInt(classes.names()::indexOf).toArray();
        int[] codes = labels.codes();
        if (codes == null) {
            throw new IllegalStateException("labels are always remembered");
        }
        for (int i = 0; i < codes.length; i++) {
            codes[i] = indexOf[codes[i]];
        }
        return codes;
    }

    private static Set<Integer> columns(Table table, List<String> names, String option) {
        return names.stream().map(n -> table.column(n, option)).collect(Collectors.toSet());
    }

    /** Why a column should not be learnt from unless the user insists, or null. */
    private static @Nullable String suspicion(ColumnReader column, ColumnReader labels) {
        if (!column.someMissing() && repeatsLabel(column, labels)) {
            return "it is the label under another name";
        }
        boolean names = column.hasMoreTextsThan(MOST_CATEGORIES) || column.hasMoreTextsThan(column.present() / 2);
        return !column.isNumeric() && names ? column.different() + " different texts" : null;
    }

    /** Whether each value goes with one class and each class with one value. */
    private static boolean repeatsLabel(ColumnReader column, ColumnReader labels) {
        int[] codes = column.codes();
        int[] classes = labels.codes();
        if (codes == null
                || classes == null
                || column.texts().size() != labels.texts().size()) {
            return false;
        }
        int[] classOf = new int[column.texts().size()];
        Arrays.fill(classOf, Column.ABSENT);
        for (int i = 0; i < codes.length; i++) {
            if (classOf[codes[i]] == Column.ABSENT) {
                classOf[codes[i]] = classes[i];
            } else if (classOf[codes[i]] != classes[i]) {
                return false;
            }
        }
        return Arrays.stream(classOf).distinct().count() == classOf.length;
    }
}
