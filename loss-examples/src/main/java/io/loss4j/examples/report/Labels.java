package io.loss4j.examples.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names and numbers as figures show them. Names of classes come from the user's data and may be anything. */
final class Labels {
    private static final String ELLIPSIS = "\u2026";

    /** How many eighths of a shortened name are its beginning: what tells names apart may be anywhere. */
    private static final int[] HEADS = {4, 6, 2, 8, 0};

    private Labels() {}

    /** Names of at most so many characters, that are still different from one another. */
    static List<String> shortened(List<String> names, int longest) {
        List<String> whole = names.stream().map(Labels::printable).toList();
        for (int eighths : HEADS) {
            List<String> labels = whole.stream()
                    .map(name -> shortened(name, longest, eighths))
                    .toList();
            if (new HashSet<>(labels).size() == labels.size()) {
                return labels;
            }
        }
        return numbered(whole, longest);
    }

    private static List<String> numbered(List<String> names, int longest) {
        List<String> labels = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (String name : names) {
            String label = shortened(name, longest, HEADS[0]);
            for (int n = 2; !taken.add(label); n++) {
                String suffix = " (" + n + ")";
                label = shortened(name, longest - suffix.length(), HEADS[0]) + suffix;
            }
            labels.add(label);
        }
        return List.copyOf(labels);
    }

    private static String shortened(String name, int longest, int eighths) {
        int[] points = name.codePoints().toArray();
        if (points.length <= longest) {
            return name;
        }
        int head = (longest - 1) * eighths / 8;
        int tail = longest - 1 - head;
        return new String(points, 0, head).strip() + ELLIPSIS + new String(points, points.length - tail, tail).strip();
    }

    /** Without what XML and HTML cannot hold: control characters and halves of surrogate pairs. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean odd = type == Character.CONTROL || type == Character.SURROGATE || (c & 0xFFFE) == 0xFFFE;
            out.appendCodePoint(odd ? 0xFFFD : c);
        });
        return out.toString().isBlank() ? "(empty)" : out.toString();
    }

    static String three(double value) {
        return Double.isNaN(value) ? "none" : minus(String.format(Locale.ROOT, "%.3f", value));
    }

    static String signed(double value) {
        return Double.isNaN(value) ? "none" : minus(String.format(Locale.ROOT, "%+.3f", value));
    }

    static String percent(double part) {
        return Double.isNaN(part)
                ? "none"
                : String.format(Locale.ROOT, part > 0 && part < 0.01 ? "%.1f %%" : "%.0f %%", 100 * part);
    }

    static String probability(double p) {
        return p < 0.001 ? "below 0.001" : three(p);
    }

    /** Three digits that count. */
    static String seconds(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    private static String minus(String number) {
        return number.replace('-', '\u2212');
    }
}
