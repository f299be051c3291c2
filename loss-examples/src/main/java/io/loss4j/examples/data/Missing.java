package io.loss4j.examples.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which cells stand for "not known": the usual markers everywhere, further ones in all features or in one column. */
final class Missing {
    private static final Set<String> USUAL = Set.of("", "?", "NA", "N/A", "NaN", "nan", "null");

    private record InColumn(int column, String value) {}

    private final Set<String> everywhere = new HashSet<>();
    private final Set<InColumn> inColumn = new HashSet<>();

    /**
     * @param table the table, to find columns in
     * @param values {@code VALUE}, or {@code COLUMN=VALUE} with a column of the table
     */
    Missing(Table table, List<String> values) {
        for (String value : values) {
            int equals = value.indexOf('=');
            if (equals > 0) {
                int column = table.column(value.substring(0, equals), "--missing");
                inColumn.add(new InColumn(column, value.substring(equals + 1)));
            } else {
                everywhere.add(value);
            }
        }
    }

    /** Whether a cell of a feature is missing because the user says so. */
    boolean isSaid(int column, String cell) {
        return everywhere.contains(cell) || !inColumn.isEmpty() && inColumn.contains(new InColumn(column, cell));
    }

    /** Whether a cell says NaN: missing among texts, but among numbers more likely the result of a mistake. */
    static boolean isNotANumber(String cell) {
        return cell.equalsIgnoreCase("NaN");
    }

    /** Whether a cell is missing by convention. Labels know no other: {@code --missing 0} must not remove class 0. */
    static boolean isMarker(String cell) {
        return USUAL.contains(cell);
    }
}
