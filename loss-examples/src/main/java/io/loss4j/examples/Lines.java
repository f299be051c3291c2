package io.loss4j.examples;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Text for terminals of 80 columns. */
final class Lines {
    private static final int WIDTH = 80;

    private Lines() {}

    /** Prints items separated by commas, broken between items and indented below the title; nothing if there are none. */
    static void print(PrintWriter out, String title, List<String> items) {
        if (!items.isEmpty()) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                parts.add(i < items.size() - 1 ? items.get(i) + "," : items.get(i));
            }
            fill(out, title, parts);
        }
    }

    /** Prints words separated by spaces, broken between words and indented below the title. */
    static void wrap(PrintWriter out, String title, String text) {
        fill(out, title, List.of(text.split(" ")));
    }

    private static void fill(PrintWriter out, String title, List<String> parts) {
        StringBuilder line = new StringBuilder(title);
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0 && line.length() + 1 + parts.get(i).length() > WIDTH) {
                out.println(line);
                line = new StringBuilder(" ".repeat(title.length()));
            } else if (i > 0) {
                line.append(' ');
            }
            line.append(parts.get(i));
        }
        out.println(line);
    }

    /** 2 instead of 2.0. */
    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
